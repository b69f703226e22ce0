/** A defect that is planted into the compiled code, and the suite that must notice it. */
export interface Mutant {
  /** What is broken, in words. */
  readonly defect: string;
  /** The file in dist/, without the ending. */
  readonly file: string;
  /** Text that the file has exactly once, and what takes its place. */
  readonly replace: readonly [string, string];
  /** The test file in dist/test, without the ending. */
  readonly caughtBy: string;
}

export const MUTANTS: readonly Mutant[] = [
  {
    defect: 'lists show every tenant',
    file: 'src/storage/embedded/select',
    replace: ["parts.unshift({ text: 'tenant = ?', values: [query.tenant] })", 'void 0'],
    caughtBy: 'isolation/isolation.test',
  },
  {
    defect: 'records named by their ids are read whoever asks',
    file: 'src/storage/embedded/embedded-store',
    replace: ['WHERE tenant = ? AND id IN', "WHERE ? <> '' AND id IN"],
    caughtBy: 'isolation/isolation.test',
  },
  {
    defect: 'a write does not ask which revision it replaces',
    file: 'src/storage/embedded/plan-writes',
    replace: ['write.revision !== undefined && write.revision !== now.revision', 'false'],
    caughtBy: 'storage/conformance/races.test',
  },
  {
    defect: 'a claim that another holds is taken over',
    file: 'src/storage/embedded/plan-writes',
    replace: ['holder !== undefined && holder !== key.id', 'false'],
    caughtBy: 'storage/conformance/claims.test',
  },
  {
    defect: 'writes are acknowledged before they are on the disk',
    file: 'src/storage/embedded/store-file',
    replace: [
      'PRAGMA synchronous = FULL;\n    PRAGMA secure_delete',
      'PRAGMA synchronous = OFF;\n    PRAGMA secure_delete',
    ],
    caughtBy: 'storage/embedded/durability.test',
  },
  {
    defect: 'what is deleted stays in the file',
    file: 'src/storage/embedded/store-file',
    replace: ['PRAGMA secure_delete = ON', 'PRAGMA secure_delete = OFF'],
    caughtBy: 'storage/embedded/durability.test',
  },
  {
    defect: 'requests are logged as they came',
    file: 'src/rpc/unary',
    replace: [
      'await enter(ongoing);',
      'await enter(ongoing); call.log.warn({ body: String(request) }, "asked");',
    ],
    caughtBy: 'outreach/planted-secrets.test',
  },
  {
    defect: 'any key may do anything',
    file: 'src/rpc/entrance',
    replace: ['!principal.scopes.includes(method.scope)', 'false'],
    caughtBy: 'isolation/isolation.test',
  },
  {
    defect: 'a revoked key still opens',
    file: 'src/services/keys/authenticate',
    replace: ['key === undefined || key.revokeTime !== null', 'key === undefined'],
    caughtBy: 'rpc/keys.test',
  },
  {
    defect: 'an update does not ask for its etag',
    file: 'src/domain/etag',
    replace: ["throw new FacetError('ETAG_MISMATCH')", 'return'],
    caughtBy: 'core/identity-service.test',
  },
  {
    defect: 'a repeated create makes a second identity',
    file: 'src/domain/identity-index',
    replace: ["held.push(claim('request_id', request.key))", 'void request'],
    caughtBy: 'core/identity-service.test',
  },
  {
    defect: 'a page token opens the list of another tenant or filter',
    file: 'src/services/page-token',
    replace: ['.update(JSON.stringify(list))', ".update('')"],
    caughtBy: 'core/identity-service.test',
  },
  {
    defect: 'secrets are stored as they are',
    file: 'src/services/secrets/sealing',
    replace: ['box: encrypt(dataKey, owner, plain)', "box: plain.toString('utf8')"],
    caughtBy: 'secrets/secrets.test',
  },
  {
    defect: 'a watcher that is behind skips to the newest event',
    file: 'src/services/linkedin/watch',
    replace: ['sequence === cursor + 1', 'sequence === session.sequence && sequence > cursor'],
    caughtBy: 'linkedin/watch.test',
  },
  {
    defect: 'calls have no deadline',
    file: 'src/rpc/life',
    replace: ['if (Date.now() >= deadline)\n', 'if (deadline < 0)\n'],
    caughtBy: 'rpc/pipeline.test',
  },
  {
    defect: 'the rules of the protos are not asked for',
    file: 'src/rpc/message',
    replace: ['const checked = method.check(bytes);', 'const checked = bytes;'],
    caughtBy: 'rpc/validation.test',
  },
];
