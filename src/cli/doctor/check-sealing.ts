import type { Config } from '../../config/config.js';
import { existingSealingKeys } from '../../config/sealing-keys.js';
import { sealedSecrets } from '../../services/secrets/collection.js';
import { createKeyring } from '../../services/secrets/keyring.js';
import { EVERY_TENANT, type Store } from '../../storage/store.js';
import { type Finding, failure, ok, warning } from './finding.js';

/** Secrets live for minutes, so that there are few; a sample shows a key that is missing. */
const SAMPLE = 1000;

/** Whether what is sealed can be opened with the keys that are set. Opens nothing. */
export async function checkSealing(store: Store, config: Config): Promise<Finding[]> {
  const given = existingSealingKeys(config);
  if (given === undefined) {
    return [warning('sealing keys', 'none is made yet', 'start a service: on loopback it makes one')];
  }
  await store.open([sealedSecrets]);
  const keyring = createKeyring(given);
  const sealed = await store.find(sealedSecrets, { tenant: EVERY_TENANT, limit: SAMPLE });
  const lost = sealed.filter(({ body }) => keyring.derive(body.sealed.keyId, 'wrap') === undefined);
  const text = `${given.length} set; the newest is ${keyring.newest}`;
  if (lost.length === 0) return [ok('sealing keys', text)];
  const ids = [...new Set(lost.map(({ body }) => body.sealed.keyId))].join(', ');
  return [
    failure(
      'sealing keys',
      `${lost.length} secrets are sealed with a key that is not set: ${ids}`,
      'add that key at the end of FACET_SECRETS_KEY, and leave it there until those logins have ended',
    ),
  ];
}
