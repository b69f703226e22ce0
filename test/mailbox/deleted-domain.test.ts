import * as assert from 'uvu/assert';
import { mailDomains } from '../../src/services/mail-domain/collection.js';
import { mutate } from '../../src/storage/mutate.js';
import { forEachApp } from '../support/for-each-app.js';
import type { Rest } from '../support/rest.js';

const MAILBOXES = '/api/mailbox/v1/identities';
const DOMAINS = '/api/core/v1/domains';

forEachApp('a mailbox in a domain that is being deleted', {}, (test, context) => {
  const add = async (rest: Rest, name: string) =>
    (await rest('POST', DOMAINS, { name, verified: true })).body.id as string;
  const mailbox = (domainId: string) => ({ domain_id: domainId, local_part: 'ada', display_name: 'Ada' });

  test('keeps the domain, or is not made and leaves its address free', async () => {
    const { acme } = context();
    for (let round = 0; round < 20; round++) {
      const name = `round${round}.example`;
      const domain = await add(acme, name);
      const known = round % 2 === 0 ? undefined : (await acme('POST', '/api/core/v1/identities', {})).body.id;
      const headers: Record<string, string> = known === undefined ? {} : { 'facet-identity': known };
      const [made, gone] = await Promise.all([
        acme('POST', MAILBOXES, mailbox(domain), headers),
        acme('DELETE', `${DOMAINS}/${domain}`),
      ]);
      const stands = (await acme('GET', `${DOMAINS}/${domain}`)).status === 200;
      assert.equal([made.status, gone.status], stands ? [201, 400] : [404, 200], `round ${round}`);
      if (stands) {
        assert.is((await acme('GET', `${MAILBOXES}/${made.body.id}`)).status, 200);
        continue;
      }
      if (known !== undefined) {
        assert.is((await acme('GET', `/api/core/v1/identities/${known}`)).status, 200);
        assert.is((await acme('GET', `${MAILBOXES}/${known}`)).status, 404);
      }
      const again = await acme('POST', MAILBOXES, mailbox(await add(acme, name)), headers);
      assert.is(again.status, 201, JSON.stringify(again.body));
    }
  });

  test('is made where the deletion was left undecided by a process that is gone', async () => {
    const { acme, app } = context();
    const id = await add(acme, 'left.example');
    const deleteTime = new Date(Date.now() - 60_000).toISOString();
    await mutate(app.store, mailDomains, { tenant: 'acme', id }, (domain) => ({ ...domain, deleteTime }));
    assert.is((await acme('POST', MAILBOXES, mailbox(id))).status, 201);
    assert.is((await app.store.get(mailDomains, { tenant: 'acme', id }))?.body.deleteTime, undefined);
  });
});
