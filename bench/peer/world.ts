import { setTimeout as sleep } from 'node:timers/promises';
import { DEVELOPMENT_DOMAIN } from '../../src/services/mail-domain/development-domain.js';
import { type Call, credentialParts } from './world-credentials.js';

/** Which of the two gateways a request goes to. */
export type Side = 'peer' | 'ours';

/**
 * What requests are about, made through our core contract when it is first named:
 *
 *     {{shared.NAME}}          an identity that both sides read
 *     {{own.NAME}}             one for each side, to be written
 *     {{own.NAME.session}}     a login of it, as the simulated connector plays the scenario before NAME's first "-"
 *     {{own.NAME.external}}    its external id
 *     {{own.NAME.contact}}     a contact of it
 *     {{own.NAME.account}}     the identity, which is in use and signs in elsewhere
 *     {{own.NAME.auth}}        a session of such a one, and "token" the token of it
 *     {{own.NAME.credential}}  a second factor that it has, named as core does; "totp" as the admin contract does
 *     {{own.NAME.mailbox}}     the identity, which has a mailbox then
 *     {{own.NAME.domain}}      a mail domain, and "schema" a schema: not of the identity
 *     {{new}}                  a word that nothing was named by before
 *     {{fresh}}                an identity that nothing else is about, and that holds nothing but the state of the others
 *     {{side}}                 a word of the side's own, hidden again in "x {{side}}"
 */
export interface World {
  fill(text: string, side: Side): Promise<string>;
  /** Puts the placeholders back, so that what differs by side alone does not differ. */
  hide(text: string, side: Side): string;
}

const PLACEHOLDER =
  /\{\{(?:(side|new|fresh)|(shared|own)\.([^.}]+)(?:\.(session|external|contact|mailbox|domain|schema|account|auth|token|credential|totp))?)\}\}/g;
const SETTLED =
  /"state":"LINKED_IN_SESSION_STATE_(?:VERIFICATION_REQUIRED|CONNECTED|FAILED|EXPIRED|CANCELLED)"/;
const SETTLE_MS = 8_000;

/** @param base our gateway, with the core contract under /api/core */
export function createWorld(base: string, key: string): World {
  const run = Date.now().toString(36);
  let words = 0;
  const made = new Map<string, Promise<string>>();
  const values: Record<Side, Map<string, string>> = { peer: new Map(), ours: new Map() };

  const call: Call = async (method, path, body, headers = {}) => {
    const answer = await fetch(base + (path.startsWith('/api/') ? path : `/api/core/v1${path}`), {
      method,
      headers: { authorization: `Bearer ${key}`, ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text;
  };
  const externalId = (owner: string, name: string) => `compare-${run}-${owner}-${name}`;
  const uniqueOf = (owner: string, name: string) => `${run}-${owner}-${name}`.toLowerCase();
  const make = (owner: string, name: string, what: string | undefined): Promise<string> => {
    const slot = `${owner}.${name}.${what ?? 'id'}`;
    const known = made.get(slot);
    if (known !== undefined) return known;
    const unique = uniqueOf(owner, name);
    const parts: Record<string, () => Promise<string>> = {
      session: async () => startLogin(call, await make(owner, name, undefined), name),
      ...credentialParts(call, (part) => make(owner, name, part), unique),
      contact: async () =>
        idOf(await call('POST', `/identities/${await make(owner, name, undefined)}/contacts`, CONTACT)),
      domain: async () => idOf(await call('POST', '/domains', { name: `${unique}.example` })),
      schema: async () => idOf(await call('POST', '/schemas', { id: unique, document: SCHEMA })),
      mailbox: async () => {
        const id = await make(owner, name, undefined);
        const body = { domain_id: DEVELOPMENT_DOMAIN.id, local_part: unique, display_name: 'Ada' };
        await call('POST', '/api/mailbox/v1/identities', body, { 'facet-identity': id });
        return id;
      },
    };
    const promise =
      parts[what ?? '']?.() ??
      call('POST', '/identities', { ...IDENTITY, externalId: externalId(owner, name) }).then(idOf);
    made.set(slot, promise);
    return promise;
  };

  // All of one length, so that none is the beginning of another.
  const newWord = () => `${run}${String(++words).padStart(6, '0')}`;
  const WORDS: Record<string, (side: Side) => string | Promise<string>> = {
    side: (side) => side,
    new: newWord,
    fresh: async () => idOf(await call('POST', '/identities', { state: IDENTITY.state })),
  };

  return {
    async fill(text, side) {
      let filled = text;
      for (const [placeholder, word, room, name, what] of text.matchAll(PLACEHOLDER)) {
        const value = room === undefined ? await WORDS[word!]!(side) : await provide(room, name!, what);
        if (room !== 'shared') values[side].set(value, placeholder);
        filled = filled.replaceAll(placeholder, value);
      }
      return filled;

      async function provide(room: string, name: string, what: string | undefined): Promise<string> {
        const owner = room === 'own' ? side : room;
        const id = await make(owner, name, undefined);
        if (room === 'own') {
          values[side].set(id, `{{own.${name}}}`);
          values[side].set(externalId(owner, name), `{{own.${name}.external}}`);
          values[side].set(uniqueOf(owner, name), `{{own.${name}.word}}`);
        }
        if (what === 'external') return externalId(owner, name);
        return what === undefined ? id : make(owner, name, what);
      }
    },
    hide(text, side) {
      let hidden = text;
      for (const [value, placeholder] of values[side]) {
        // The word of the side is too short to be looked for everywhere.
        if (placeholder !== '{{side}}') hidden = hidden.replaceAll(value, placeholder);
      }
      return hidden.replaceAll(`x ${side}`, 'x {{side}}');
    },
  };
}

/** Every field of the core's identity that a caller may write, and text that is hard to print. */
const IDENTITY = {
  givenName: 'Ada <&> \u2028 \u{1f600}',
  middleName: 'Augusta',
  familyName: 'Byron',
  displayName: 'Ada "Lovelace" Byron\\',
  jobTitle: 'Analyst',
  countryCode: 'GB',
  tags: ['first', 'ünïcode'],
  state: 'IDENTITY_STATE_INACTIVE',
};

const CONTACT = { key: 'CONTACT_KEY_EMAIL', value: 'ada@example.com' };
const SCHEMA = { properties: { traits: { type: 'object' } } };

function idOf(text: string): string {
  return (JSON.parse(text) as { id: string }).id;
}

async function startLogin(call: Call, identity: string, name: string): Promise<string> {
  const path = `/identities/${identity}/linkedinSessions`;
  const username = `${name.split('-')[0]}@example.com`;
  const session = idOf(await call('POST', path, { username, password: 'secret', countryCode: 'de' }));
  const end = Date.now() + SETTLE_MS;
  while (!SETTLED.test(await call('GET', `${path}/${session}`))) {
    if (Date.now() > end) throw new Error(`the login ${session} comes to no rest`);
    await sleep(50);
  }
  return session;
}
