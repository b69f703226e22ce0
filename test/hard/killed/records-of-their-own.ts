import { identitiesAt } from '../identities-at.js';
import { acknowledgedIn, mustHold, newLedger, writeUntil } from '../ledger.js';
import { inLoops, type LoadKind } from './load.js';

const WRITERS = 64;

export const recordsOfTheirOwn: LoadKind = {
  what: `${WRITERS} writers over gRPC, each to records of its own`,
  role: 'service',
  async begin({ grpc }, key) {
    const client = identitiesAt(grpc!, key);
    const ledger = newLedger();
    const loops = inLoops(WRITERS, (n, isOver) => writeUntil(client, ledger, `w${n}`, isOver));
    return {
      acknowledged: () => acknowledgedIn(ledger),
      async end() {
        await loops.end();
        client.close();
      },
      async mustHold(at) {
        const reader = identitiesAt(at.grpc!, key);
        await mustHold(reader, ledger);
        reader.close();
      },
    };
  },
};
