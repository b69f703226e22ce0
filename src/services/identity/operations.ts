import type { IdentityContext } from './context.js';
import { createIdentity } from './create.js';
import { keepIds, readKeptIds } from './kept-ids.js';
import { countIdentities, listIdentities } from './list.js';
import { listChosenIdentities } from './list-chosen.js';
import { listWindow } from './list-window.js';
import { mergeIdentities } from './merge.js';
import { batchGetIdentities, getIdentity, lookupIdentity } from './read.js';
import { upsertIdentity } from './upsert.js';
import { withdrawMailbox } from './withdraw-mailbox.js';
import { deleteIdentity, updateIdentity } from './write.js';

type Bound<F> = F extends (context: IdentityContext, ...rest: infer Rest) => infer Result
  ? (...rest: Rest) => Result
  : never;

/** Everything that a contract can do with identities. */
export interface IdentityOperations extends Pick<IdentityContext, 'pageTokens'> {
  readonly create: Bound<typeof createIdentity>;
  readonly get: Bound<typeof getIdentity>;
  readonly batchGet: Bound<typeof batchGetIdentities>;
  readonly lookup: Bound<typeof lookupIdentity>;
  readonly list: Bound<typeof listIdentities>;
  readonly listChosen: Bound<typeof listChosenIdentities>;
  readonly keepIds: Bound<typeof keepIds>;
  readonly readKeptIds: Bound<typeof readKeptIds>;
  readonly listWindow: Bound<typeof listWindow>;
  readonly count: Bound<typeof countIdentities>;
  readonly upsert: Bound<typeof upsertIdentity>;
  readonly update: Bound<typeof updateIdentity>;
  readonly merge: Bound<typeof mergeIdentities>;
  readonly withdrawMailbox: Bound<typeof withdrawMailbox>;
  readonly delete: Bound<typeof deleteIdentity>;
}

export function identityOperations(context: IdentityContext): IdentityOperations {
  return {
    pageTokens: context.pageTokens,
    create: (...rest) => createIdentity(context, ...rest),
    get: (...rest) => getIdentity(context, ...rest),
    batchGet: (...rest) => batchGetIdentities(context, ...rest),
    lookup: (...rest) => lookupIdentity(context, ...rest),
    list: (...rest) => listIdentities(context, ...rest),
    listChosen: (...rest) => listChosenIdentities(context, ...rest),
    keepIds: (...rest) => keepIds(context, ...rest),
    readKeptIds: (...rest) => readKeptIds(context, ...rest),
    listWindow: (...rest) => listWindow(context, ...rest),
    count: (...rest) => countIdentities(context, ...rest),
    upsert: (...rest) => upsertIdentity(context, ...rest),
    update: (...rest) => updateIdentity(context, ...rest),
    merge: (...rest) => mergeIdentities(context, ...rest),
    withdrawMailbox: (...rest) => withdrawMailbox(context, ...rest),
    delete: (...rest) => deleteIdentity(context, ...rest),
  };
}
