import * as assert from 'uvu/assert';
import { forEachApp } from '../support/for-each-app.js';
import { type Rest, restAs } from '../support/rest.js';
import { operations } from './operations.js';

const BROKEN = '{';
const bodies = operations().filter(
  ({ http, scope }) => http !== undefined && http.body !== '' && scope !== 'public',
);

// Whether the gateway dials the service or calls it in its own process, strangers learn the same.
for (const transport of ['local', 'wire'] as const)
  forEachApp(`strangers, ${transport}`, { transport }, (test, context) => {
    let strangers: Rest[];
    let lacking: Record<string, Rest>;
    test.before(async () => {
      const { app } = context();
      strangers = [restAs(app.rest, undefined), restAs(app.rest, 'facet_core_unknown')];
      const reader = restAs(app.rest, await app.key('acme', 'core', 'read'));
      lacking = {
        write: reader,
        admin: reader,
        read: restAs(app.rest, await app.key('acme', 'core', 'write')),
      };
    });

    for (const { name, http, scope } of bodies) {
      test(`${name}: who may not call hears that, not what is wrong with the body`, async () => {
        const path = http!.template.replace(/\{[^}]*\}/g, 'x');
        for (const stranger of strangers) {
          const { status, headers } = await stranger(http!.verb, path, BROKEN);
          assert.equal([status, headers.get('www-authenticate')], [401, 'Bearer']);
        }
        assert.is((await lacking[scope]!(http!.verb, path, BROKEN)).status, 403);
        assert.ok([400, 422].includes((await context().acme(http!.verb, path, BROKEN)).status));
      });
    }
  });
