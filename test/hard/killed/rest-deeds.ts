import bcrypt from 'bcryptjs';
import * as assert from 'uvu/assert';
import type { Rest } from '../../support/rest.js';

type Act = (rest: Rest, name: string) => Promise<void>;

/** What has been acknowledged over REST. */
export interface Deeds {
  readonly acknowledged: number;
  /** Each begins with nothing and ends when its last call was answered; throws where one was not. */
  readonly acts: readonly Act[];
  /** Identities by id, with the address that each was made with. */
  readonly made: ReadonlyMap<string, string>;
  /** Into which identity each was merged. */
  readonly merged: ReadonlyMap<string, string>;
  /** Identities with a password, and what they sign in with. */
  readonly credentials: ReadonlyMap<string, string>;
  /** Where logins that were begun are looked at. */
  readonly logins: readonly string[];
}

const HASH = bcrypt.hashSync('secret', 4);

export function createDeeds(): Deeds {
  const made = new Map<string, string>();
  const merged = new Map<string, string>();
  const credentials = new Map<string, string>();
  const logins: string[] = [];
  let acknowledged = 0;

  async function post(rest: Rest, path: string, body: object) {
    const answer = await rest('POST', path, body);
    // Full or going: the next one may be taken. Anything else is what this load is not made to cause.
    if (answer.status === 429 || answer.status === 503) throw new Error('not now');
    assert.ok(answer.status < 300, `${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    acknowledged++;
    return answer.body;
  }

  async function person(rest: Rest, name: string): Promise<string> {
    const value = `${name}@example.com`;
    const contacts = [{ key: 'CONTACT_KEY_EMAIL', value }];
    const { id } = await post(rest, '/api/core/v1/identities', { tags: [name], contacts });
    made.set(id, value);
    return id;
  }

  const merge: Act = async (rest, name) => {
    const target = await person(rest, `target-${name}`);
    const sourceId = await person(rest, `source-${name}`);
    await post(rest, `/api/core/v1/identities/${target}:merge`, { sourceId });
    merged.set(sourceId, target);
  };

  const credential: Act = async (rest, name) => {
    const email = `signs-in-${name}@example.com`;
    const password = { config: { hashed_password: HASH } };
    const body = { schema_id: 'default', traits: { email }, credentials: { password } };
    credentials.set((await post(rest, '/api/admin/admin/identities', body)).id, email);
  };

  const login: Act = async (rest, name) => {
    const body = { firstName: 'Ada', lastName: name, role: 'login' };
    const { identity } = await post(rest, '/api/outreach/v1/identities', body);
    const path = `/api/outreach/v1/identities/${identity.id}/linkedin`;
    const begun = await post(rest, `${path}/login`, { username: 'ok', password: 'secret' });
    logins.push(`${path}/status/${/sess_[0-9a-f]+/.exec(JSON.stringify(begun))![0]}`);
  };

  return {
    acts: [merge, credential, merge, credential, merge, credential, login],
    made,
    merged,
    credentials,
    logins,
    get acknowledged() {
      return acknowledged;
    },
  };
}
