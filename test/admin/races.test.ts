import * as assert from 'uvu/assert';
import { forEachApp } from '../support/for-each-app.js';
import { type AdminRest, adminRest } from './rest.js';

forEachApp('admin races', {}, (test, context) => {
  let admin: AdminRest;
  test.before(async () => {
    admin = await adminRest(context().app, 'races');
    // A first call compiles; fifty first ones at once would wait too long on a busy machine.
    await admin.create({});
  });
  const statuses = (answers: readonly { status: number }[]) => {
    const counts: Record<number, number> = {};
    for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
    return counts;
  };

  test('50 equal creates make one', async () => {
    for (const body of [
      { traits: { email: 'same@example.com' } },
      { traits: {}, external_id: 'same' },
      { traits: { email: 'both@example.com' }, external_id: 'both' },
    ]) {
      const answers = await Promise.all(
        Array.from({ length: 50 }, () => admin.rest('POST', '/admin/identities', body)),
      );
      assert.equal(statuses(answers), { 201: 1, 409: 49 });
    }
  });

  test('20 identities that move to one identifier: one gets it, and it is its own', async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, async () => (await admin.create({})).id));
    const answers = await Promise.all(
      ids.map((id) => admin.patch(id, { op: 'add', path: '/traits/email', value: 'moved@example.com' })),
    );
    assert.equal(statuses(answers), { 200: 1, 409: 19 });
    const found = await admin.rest('GET', '/admin/identities?credentials_identifier=moved@example.com');
    assert.equal(
      found.body.map(({ id }: { id: string }) => id),
      [ids[answers.findIndex(({ status }) => status === 200)]],
    );
  });

  test('an identifier that is handed on is never lost and never doubled', async () => {
    const traits = { email: 'handed@example.com' };
    let { id } = await admin.create(traits);
    for (let round = 0; round < 10; round++) {
      const [gone, ...made] = await Promise.all([
        admin.rest('DELETE', `/admin/identities/${id}`),
        ...Array.from({ length: 5 }, () => admin.rest('POST', '/admin/identities', { traits })),
      ]);
      assert.is(gone!.status, 204);
      const winners = made.filter(({ status }) => status === 201);
      assert.ok(winners.length <= 1);
      id = winners[0]?.body.id ?? (await admin.create(traits)).id;
    }
  });
});
