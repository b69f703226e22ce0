import * as assert from 'uvu/assert';
import { forEachApp } from '../support/for-each-app.js';
import { restAs } from '../support/rest.js';

/** The body of the document's curl, to the letter but for the texts that stand for others. */
const DOCUMENTED = `
{
  "domain_id": "3c90c3cc-0d44-4b50-8888-8dd25736052a",
  "local_part": "<string>",
  "display_name": "<string>",
  "assistant_id": "3c90c3cc-0d44-4b50-8888-8dd25736052a",
  "reply_to_email": "<string>",
  "signature_text": "<string>",
  "signature_html": "<string>",
  "thread_history_depth": 10,
  "approval_channel": {}
}
`
  .replace('"local_part": "<string>"', '"local_part": "support"')
  .replace('"reply_to_email": "<string>"', '"reply_to_email": "answers@example.com"');

forEachApp('development domain', { developmentKeys: true }, (test, context) => {
  test('the document’s create works with the development key of the embedded store alone', async () => {
    const { app } = context();
    const dev = restAs(app.rest, 'facet_mailbox_dev');
    const { status, body } = await dev('POST', '/v1/identities', DOCUMENTED);
    if (app.store.name !== 'embedded') {
      assert.equal([status, body], [404, { detail: 'Domain not found' }]);
      return;
    }
    assert.is(status, 201, JSON.stringify(body));
    assert.equal([body.email_address, body.display_name], ['support@example.com', '<string>']);
  });

  test('no other tenant has that domain', async () => {
    const { app } = context();
    const other = restAs(app.rest, await app.key('acme', 'mailbox'));
    assert.is((await other('POST', '/v1/identities', DOCUMENTED)).status, 404);
  });
});
