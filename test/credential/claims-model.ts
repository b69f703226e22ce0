import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { type Logger, pino } from 'pino';
import { uuidv7 } from 'uuidv7';
import * as assert from 'uvu/assert';
import { importCredentials, type PreparedCredential } from '../../src/domain/credential/credential-change.js';
import { FacetError } from '../../src/domain/errors.js';
import { type CredentialContext, credentialOperations } from '../../src/services/credential/operations.js';
import { identities } from '../../src/services/identity/collection.js';
import { identityOperations } from '../../src/services/identity/operations.js';
import { createPageTokens } from '../../src/services/page-token.js';
import type { Store } from '../../src/storage/store.js';

const TENANT = 'model';
const NAMES = [...'abcdefghij'];
const AT_ONCE = 8;

/** One call; `who` picks among the identities that were made, dead ones included. */
type Operation =
  | { readonly kind: 'create'; readonly name: string; readonly account: string }
  | { readonly kind: 'import' | 'deleteAccount' | 'rename'; readonly who: number; readonly name: string }
  | { readonly kind: 'deletePassword' | 'deleteIdentity'; readonly who: number };

const name = fc.constantFrom(...NAMES);
const who = fc.nat(11);
const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('create' as const), name, account: name }) },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constantFrom('import' as const, 'deleteAccount', 'rename'), who, name }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom('deletePassword' as const, 'deleteIdentity'), who }),
  },
);

/** What a call may be refused with; anything else is a fault. */
const REFUSALS = ['ALREADY_EXISTS', 'IDENTITY_NOT_FOUND', 'CREDENTIAL_NOT_FOUND', 'LAST_FIRST_FACTOR'];

const accountOf = (subject: string) => ({ provider: 'idp', subject, organization: null });
const traitsOf = (value: string) => ({
  traits: JSON.stringify({ email: value }),
  traitFacts: { identifiers: [{ credential: 'password', value }], verifiable: [], recovery: [], names: {} },
});

/**
 * Makes random calls, several at once, and looks after each lot whether the store's claims are those of the identities
 * that live: each held by the one that has it, none by nobody. Answers how many calls did what they were to do.
 */
export async function runClaimsModel(store: Store, operations: number): Promise<number> {
  const log: Logger = pino({ level: 'silent' });
  const context = {
    store,
    pageTokens: createPageTokens([randomBytes(32)]),
    now: () => new Date(),
    newId: uuidv7,
    cleanUp: async (tenant: string, id: string) => {
      await store.remove(identities, { tenant, id });
    },
    log,
  };
  const people = identityOperations(context);
  // Nothing here is hashed or sealed.
  const credentials = credentialOperations(context as unknown as CredentialContext);
  let made: string[] = [];
  const origin = { contract: 'admin' as const, precondition: undefined };

  async function run(given: Operation): Promise<void> {
    if (given.kind === 'create') {
      const prepared: PreparedCredential[] = [
        { type: 'password', hash: 'h' },
        { type: 'oidc', connections: [accountOf(given.account)] },
      ];
      const list = importCredentials([], prepared, context.now().toISOString());
      const change = { ...traitsOf(given.name), credentials: list };
      made.push((await people.create(TENANT, change, { contract: 'admin' }, {})).id);
      return;
    }
    const owner = { tenant: TENANT, id: made.at(-1 - given.who) ?? 'nobody' };
    switch (given.kind) {
      case 'import':
        await credentials.import(owner, { oidc: { providers: [accountOf(given.name)] } }, String, origin, {});
        return;
      case 'deleteAccount':
        await credentials.delete(owner, { type: 'oidc', identifier: `idp:${given.name}` }, origin, {});
        return;
      case 'rename':
        await people.update(owner, traitsOf(given.name), origin, {});
        return;
      case 'deletePassword':
        await credentials.delete(owner, { type: 'password' }, origin, {});
        return;
      default:
        await people.delete(owner, undefined, {});
    }
  }

  async function claimsHold(): Promise<void> {
    const live = await store.getMany(identities, TENANT, made);
    const expected = new Map<string, string>();
    for (const { id, body } of live) {
      if (body.kind !== 'identity') continue;
      const accounts = body.credentials.flatMap((each) => ('connections' in each ? each.connections : []));
      const own = [
        ...body.traitFacts.identifiers.map(({ value }) => JSON.stringify(['password', value])),
        ...accounts.map(({ provider, subject }) => JSON.stringify(['oidc', `${provider}:${subject}`])),
      ];
      for (const claim of own) {
        assert.is(expected.get(claim), undefined, `${claim} is held twice`);
        expected.set(claim, id);
      }
    }
    const possible = NAMES.flatMap((each) => [
      JSON.stringify(['password', each]),
      JSON.stringify(['oidc', `idp:${each}`]),
    ]);
    await Promise.all(
      possible.map(async (claim) => {
        const holder = await store.getByClaim(identities, TENANT, claim);
        assert.is(holder?.id, expected.get(claim), claim);
      }),
    );
    // Of the dead a few stay, to be called upon again.
    made = [...new Set([...made.slice(-2), ...live.map(({ id }) => id)])];
  }

  let done = 0;
  const lots = Math.ceil(operations / AT_ONCE);
  const seed = Number(process.env.FACET_SEED ?? Math.floor(Math.random() * 2 ** 31));
  const drawn = fc.sample(fc.array(operation, { minLength: AT_ONCE, maxLength: AT_ONCE }), {
    numRuns: lots,
    seed,
  });
  for (const lot of drawn) {
    for (const result of await Promise.allSettled(lot.map(run))) {
      if (result.status === 'fulfilled') done++;
      else if (!(result.reason instanceof FacetError && REFUSALS.includes(result.reason.reason)))
        throw new Error(`seed ${seed}`, { cause: result.reason });
    }
    await claimsHold().catch((cause: unknown) => {
      throw new Error(`seed ${seed}: ${(cause as Error).message}`, { cause });
    });
  }
  return done;
}
