import { setTimeout as sleep } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import { type Rest, restAs } from '../../support/rest.js';
import { inLoops, type LoadKind } from './load.js';
import { createDeeds, type Deeds } from './rest-deeds.js';

const WRITERS = 24;
/** Ids that a URL has room for. */
const AT_ONCE = 100;
/** Longer than a login that is played takes, with the time until another process takes it over. */
const LOGIN_MS = 60_000;

export const overRest: LoadKind = {
  what: `${WRITERS} writers over REST: merges, credentials and logins`,
  role: 'all',
  async begin(started, key) {
    const deeds = createDeeds();
    const rest = restAs(`http://${started.rest}`, key);
    const loops = inLoops(WRITERS, async (writer, isOver) => {
      for (let n = 0; !isOver(); n++) {
        try {
          await deeds.acts[(n + writer) % deeds.acts.length]!(rest, `${writer}-${n}`);
        } catch (error) {
          // An answer that is not as documented is a finding; a lost one is what the kill is for.
          if (error instanceof assert.Assertion) throw error;
          await sleep(10);
        }
      }
    });
    return {
      acknowledged: () => deeds.acknowledged,
      end: loops.end,
      async mustHold(at) {
        const reader = restAs(`http://${at.rest}`, key);
        await everyMergeHolds(reader, deeds);
        await everyCredentialHolds(reader, deeds);
        for (const path of deeds.logins) await look(reader, path);
      },
      mustSettle: (at) => everyLoginEnds(restAs(`http://${at.rest}`, key), deeds),
    };
  },
};

async function everyMergeHolds(rest: Rest, { made, merged }: Deeds): Promise<void> {
  const shown = new Map<string, { readonly id: string; readonly contacts: readonly { value: string }[] }>();
  const ids = [...made.keys()];
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    const some = ids.slice(at, at + AT_ONCE);
    const answer = await rest('GET', `/api/core/v1/identities:batchGet?ids=${some.join('&ids=')}`);
    assert.is(answer.status, 200);
    for (const [n, identity] of answer.body.identities.entries()) shown.set(some[n]!, identity);
  }
  for (const [id, email] of made) {
    const identity = shown.get(id);
    assert.ok(
      identity?.contacts.some(({ value }) => value === email),
      `${id}: an acknowledged create is lost`,
    );
  }
  for (const [source, target] of merged) {
    assert.is(shown.get(source)?.id, target, 'an acknowledged merge is lost');
  }
}

async function everyCredentialHolds(rest: Rest, { credentials }: Deeds): Promise<void> {
  const ids = [...credentials.keys()];
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    const some = ids.slice(at, at + AT_ONCE);
    const query = `page_size=${AT_ONCE}&include_credential=password&ids=${some.join('&ids=')}`;
    const { body } = await rest('GET', `/api/admin/admin/identities?${query}`);
    assert.is(body.length, some.length, 'an identity with credentials is lost');
    for (const { id, credentials: held } of body) {
      assert.equal(held.password.identifiers, [credentials.get(id)], 'an acknowledged credential is lost');
    }
  }
}

/** Logins that a kill cut short are ended by whoever looks after them. */
async function everyLoginEnds(rest: Rest, { logins }: Deeds): Promise<void> {
  const late = performance.now() + LOGIN_MS;
  for (const path of logins) {
    for (;;) {
      const status = await look(rest, path);
      if (/"(connected|failed|expired|cancelled)"/.test(status)) break;
      assert.ok(performance.now() < late, `${path} does not end: ${status}`);
      await sleep(50);
    }
  }
}

async function look(rest: Rest, path: string): Promise<string> {
  const { status, body } = await rest('GET', path);
  assert.is(status, 200, `${path}: an acknowledged login is lost`);
  return JSON.stringify(body);
}
