import {
  Channel,
  type ChannelCredentials,
  type ChannelOptions,
  connectivityState,
  credentials,
} from '@grpc/grpc-js';

/** PEM files of a TLS connection; the system's certificate authorities where `ca` is absent. */
export interface TlsFiles {
  readonly ca?: Buffer;
  /** With `key`: the certificate that the gateway shows (mutual TLS). */
  readonly cert?: Buffer;
  readonly key?: Buffer;
  /** The name that the certificate must have, where it is not the upstream's. */
  readonly serverName?: string;
}

/** One channel per upstream. */
export interface Channels {
  /** The channel for the next call: those that are connected take turns. */
  pick(): Channel;
  /** Whether some upstream is connected, waiting for one up to `milliseconds`. */
  ready(milliseconds: number): Promise<boolean>;
  close(): void;
}

const answerLimit = 32 * 1024 * 1024;

/** Opens channels to `upstreams`, "host:port" parted by commas. */
export function openChannels(upstreams: string, tls: TlsFiles | undefined): Channels {
  const options: ChannelOptions = {
    'grpc.max_receive_message_length': answerLimit,
    'grpc.max_send_message_length': -1,
    // An upstream that came back is tried again within 15 s, whatever went before.
    'grpc.initial_reconnect_backoff_ms': 500,
    'grpc.max_reconnect_backoff_ms': 5000,
    'grpc.dns_min_time_between_resolutions_ms': 5000,
    // All addresses of a name take turns, too.
    'grpc.service_config': JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] }),
    'grpc.service_config_disable_resolution': 1,
  };
  if (tls?.serverName !== undefined) {
    options['grpc.ssl_target_name_override'] = tls.serverName;
    options['grpc.default_authority'] = tls.serverName;
  }
  const secret: ChannelCredentials =
    tls === undefined
      ? credentials.createInsecure()
      : credentials.createSsl(tls.ca ?? null, tls.key ?? null, tls.cert ?? null);
  const addresses = upstreams.split(',').map((address) => address.trim());
  if (addresses.some((address) => address === '')) throw new Error(`"${upstreams}" is no list of upstreams`);
  const channels = addresses.map((address) => new Channel(address, secret, options));
  let turn = 0;

  return {
    pick() {
      if (channels.length === 1) return channels[0] as Channel;
      turn = (turn + 1) % channels.length;
      const order = channels.map((_, index) => channels[(turn + index) % channels.length] as Channel);
      const states = order.map((channel) => channel.getConnectivityState(true));
      const ready = states.indexOf(connectivityState.READY);
      if (ready >= 0) return order[ready] as Channel;
      const hopeful = states.findIndex((state) => state !== connectivityState.TRANSIENT_FAILURE);
      return order[Math.max(hopeful, 0)] as Channel;
    },
    async ready(milliseconds) {
      const deadline = Date.now() + milliseconds;
      return Promise.any(channels.map((channel) => connected(channel, deadline))).catch(() => false);
    },
    close() {
      for (const channel of channels) channel.close();
    },
  };
}

// Rejects where the channel is not connected in time, so that the first of several to connect decides.
function connected(channel: Channel, deadline: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const state = channel.getConnectivityState(true);
      if (state === connectivityState.READY) resolve(true);
      else channel.watchConnectivityState(state, deadline, (error) => (error ? reject(error) : look()));
    };
    look();
  });
}
