import { type Address, formatAddress } from './address.js';
import { ConfigError } from './config-error.js';

const REASONS: Record<string, string> = {
  EADDRINUSE: 'is in use',
  EACCES: 'may not be opened by this user',
  EADDRNOTAVAIL: 'is no address of this machine',
  ENOTFOUND: 'has a host that is not known',
  'Name resolution failed': 'has a host that is not known',
};

/** Opens a server's address. Throws ConfigError where the setting names one that cannot be listened on. */
export async function listening<T>(setting: string, address: Address, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    // grpc-js has the code in its message only.
    const code = Object.keys(REASONS).find((known) => `${(error as Error).message}`.includes(known));
    if (code === undefined) throw error;
    throw new ConfigError([`${setting} ${formatAddress(address)} ${REASONS[code]}: set another host:port`]);
  }
}
