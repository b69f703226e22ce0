import type { Connection } from './connection.js';
import { type Found, inTenant, type Outcome, type Plan, planWrites, type Write } from './plan-writes.js';
import { encode, type Table } from './table.js';

/** Makes the writes within the transaction that is open, in at most seven statements, whatever their number. */
export async function applyWrites(
  connection: Connection,
  table: Table,
  writes: readonly Write[],
): Promise<readonly Outcome[]> {
  const plan = planWrites(writes, await find(connection, table, writes));
  await removeRows(connection, table, plan);
  await upsertRows(connection, table, plan);
  await exchange(connection, table, 'claim', plan.claims);
  await exchange(connection, table, 'token', plan.tokens);
  return plan.outcomes;
}

/** Documents have a revision, claims have none. */
interface FoundRow {
  readonly tenant: string;
  readonly id: string;
  readonly revision: number | null;
  readonly claims: string;
  readonly tokens: string | null;
}

async function find(connection: Connection, table: Table, writes: readonly Write[]): Promise<Found> {
  const keys = writes.map(({ key }) => [key.tenant, key.id]);
  const claims = writes.flatMap((write) =>
    write.kind === 'remove' ? [] : write.document.claims.map((claim) => [write.key.tenant, claim]),
  );
  const rows = await connection.all<FoundRow>(
    `SELECT d.tenant, d.id, d.revision, d.claims, d.tokens FROM json_each(?) k CROSS JOIN ${table.name} d
       ON d.tenant = k.value ->> 0 AND d.id = k.value ->> 1
     UNION ALL
     SELECT c.tenant, c.id, NULL, c.claim, NULL FROM json_each(?) k CROSS JOIN claims c
       ON c.collection = ? AND c.tenant = k.value ->> 0 AND c.claim = k.value ->> 1`,
    [JSON.stringify(keys), JSON.stringify(claims), table.collection.name],
  );
  const found = { documents: new Map(), holders: new Map() };
  for (const { tenant, id, revision, claims, tokens } of rows) {
    if (revision === null) found.holders.set(inTenant(tenant, claims), id);
    else
      found.documents.set(inTenant(tenant, id), {
        revision,
        claims: JSON.parse(claims),
        tokens: JSON.parse(tokens ?? '[]'),
      });
  }
  return found;
}

async function removeRows(connection: Connection, table: Table, { removed }: Plan): Promise<void> {
  if (removed.length === 0) return;
  await connection.all(
    `DELETE FROM ${table.name} WHERE (tenant, id) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?))`,
    [JSON.stringify(removed.map(({ tenant, id }) => [tenant, id]))],
  );
}

/** Field values are bound one by one: a number that went through JSON text might not come back as the same double. */
async function upsertRows(connection: Connection, table: Table, { upserts }: Plan): Promise<void> {
  if (upserts.length === 0) return;
  const written = ['revision', 'body', 'claims', 'tokens', ...table.columns.map(({ name }) => name)];
  const row = `(${['?', '?', ...written.map(() => '?')].join(', ')})`;
  await connection.all(
    `INSERT INTO ${table.name} (tenant, id, ${written.join(', ')}) VALUES ${upserts.map(() => row).join(', ')}
     ON CONFLICT (tenant, id) DO UPDATE SET ${written.map((name) => `${name} = excluded.${name}`).join(', ')}`,
    upserts.flatMap(({ key, revision, document }) => [
      key.tenant,
      key.id,
      revision,
      document.json,
      JSON.stringify(document.claims),
      JSON.stringify(document.tokens),
      ...table.columns.map(({ field, type }) => encode(type, document.fields[field] ?? null)),
    ]),
  );
}

/** All that is given up goes before anything is taken, since a claim may pass from one document to another. */
async function exchange(
  connection: Connection,
  table: Table,
  kind: 'claim' | 'token',
  entries: Plan['claims'],
): Promise<void> {
  const { name } = table.collection;
  if (entries.out.length > 0) {
    await connection.all(
      `DELETE FROM ${kind}s WHERE (collection, tenant, ${kind}, id) IN
         (SELECT ?, value ->> 0, value ->> 1, value ->> 2 FROM json_each(?))`,
      [name, JSON.stringify(entries.out)],
    );
  }
  if (entries.in.length > 0) {
    await connection.all(
      `INSERT INTO ${kind}s (collection, tenant, ${kind}, id)
         SELECT ?, value ->> 0, value ->> 1, value ->> 2 FROM json_each(?)`,
      [name, JSON.stringify(entries.in)],
    );
  }
}
