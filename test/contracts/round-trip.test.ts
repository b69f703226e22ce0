import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as agentsChange from '../../src/contracts/agents/identity-change.js';
import * as agentsView from '../../src/contracts/agents/identity-view.js';
import * as mailboxChange from '../../src/contracts/mailbox/identity-change.js';
import * as mailboxView from '../../src/contracts/mailbox/identity-view.js';
import * as outreachChange from '../../src/contracts/outreach/identity-change.js';
import * as outreachView from '../../src/contracts/outreach/identity-view.js';
import * as profilesChange from '../../src/contracts/profiles/profile-change.js';
import * as profilesView from '../../src/contracts/profiles/profile-view.js';
import type { IdentityChange, IdentityRecord } from '../../src/domain/identity.js';
import { newIdentity } from '../../src/domain/identity-change.js';
import type { MailDomain } from '../../src/domain/mail-domain.js';
import { CreateIdentityRequest as AgentsRequest } from '../../src/gen/facet/agents/v1/identities.js';
import { CreateIdentityRequest as MailboxRequest } from '../../src/gen/facet/mailbox/v1/identities.js';
import { CreateIdentityRequest as OutreachRequest } from '../../src/gen/facet/outreach/v1/identities.js';
import { CreateProfileRequest } from '../../src/gen/facet/profiles/v1/profiles.js';

const RUNS = 2_000;

const test = suite('what a contract is given it shows again');

const text = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 255 })
  .filter((each) => !each.includes('\0'));
/** With something that is not trimmed away. */
const name = text.filter((each) => each.trim() !== '');
const option = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const id = fc.uuid();

const blank = <T>(codec: { decode(bytes: Uint8Array): T }): T => codec.decode(new Uint8Array());

function recordOf(change: IdentityChange): IdentityRecord {
  const now = '2026-01-01T00:00:00.000Z';
  const contactIds = (change.newContacts ?? []).map((_, at) => `c${at}`);
  return newIdentity({ tenant: 't', id: 'i' }, change, { contract: 'core', request: null, now, contactIds });
}

/** Holds for every request: of what it gives, the view shows the same, by the names of the view. */
function shownAgain<G extends object, V extends object>(
  given: fc.Arbitrary<G>,
  view: (given: G) => V,
  expected: (given: G) => Partial<Record<keyof V, unknown>>,
): void {
  fc.assert(
    fc.property(given, (each) => {
      const shown = view(each);
      for (const [field, value] of Object.entries(expected(each)))
        assert.equal(shown[field as keyof V], value, field);
    }),
    { numRuns: RUNS },
  );
}

test('outreach: names and role, without the spaces around', () => {
  shownAgain(
    fc.record({ firstName: name, lastName: name, role: name }),
    (given) =>
      outreachView.recordToIdentity(
        recordOf(outreachChange.createToChange({ ...blank(OutreachRequest), ...given })),
      ),
    ({ firstName, lastName, role }) => ({
      firstName: firstName.trim(),
      lastName: lastName.trim(),
      role: role.trim(),
      jobTitle: role.trim(),
    }),
  );
});

test('profiles: names, country, state, uuid and contacts', () => {
  const contact = fc.constantFrom(
    { key: 'email', value: 'Ada@example.org', uuid: undefined },
    { key: 'phone', value: '+9876543210', uuid: 'u' },
  );
  shownAgain(
    fc.record({
      firstName: option(name),
      middleName: option(name),
      lastName: option(name),
      countryNumericCode: option(fc.constantFrom('840', '036', '826', '076')),
      enabled: option(fc.boolean()),
      uuid: option(text),
      contacts: fc.uniqueArray(contact, { selector: ({ key }) => key }),
    }),
    (given) =>
      profilesView.recordToProfile(
        recordOf(profilesChange.createToChange({ ...blank(CreateProfileRequest), ...given } as never)),
      ),
    ({ contacts, enabled = true, ...same }) => ({
      ...same,
      enabled,
      name: [same.firstName, same.middleName, same.lastName].filter(Boolean).join(' '),
      contacts: contacts.map((each, at) => ({
        contactId: `c${at}`,
        ...each,
        createTime: '2026-01-01T00:00:00+00:00',
        updateTime: '2026-01-01T00:00:00+00:00',
      })),
    }),
  );
});

test('mailbox: all but the address, which is in lower case', () => {
  const domain = { id: 'd', name: 'example.org' } as MailDomain;
  shownAgain(
    fc.record({
      displayName: text,
      localPart: fc.stringMatching(/^[A-Za-z0-9]{1,64}$/),
      assistantId: option(id),
      replyToEmail: option(fc.emailAddress()),
      signatureText: option(text),
      signatureHtml: option(text),
      threadHistoryDepth: option(fc.nat(100)),
      approvalChannel: option(
        fc.dictionary(name, fc.oneof(text, fc.integer(), fc.boolean()), { maxKeys: 4 }),
      ),
    }),
    (given) =>
      mailboxView.recordToIdentity(
        recordOf(mailboxChange.createToChange({ ...blank(MailboxRequest), ...given } as never, domain)),
      ),
    ({ localPart, threadHistoryDepth = 10, approvalChannel = {}, ...same }) => ({
      ...same,
      localPart: localPart.toLowerCase(),
      emailAddress: `${localPart.toLowerCase()}@example.org`,
      threadHistoryDepth,
      approvalChannel: JSON.parse(JSON.stringify(approvalChannel)),
    }),
  );
});

test('agents: key, name, type, project, links and properties', () => {
  const property = fc.record(
    {
      key: text,
      type: fc.constantFrom('string', 'number', 'boolean', 'json'),
      value: fc.oneof(text, fc.integer(), fc.boolean()),
    },
    { noNullPrototype: true },
  );
  shownAgain(
    fc.record({
      identifierKey: text,
      name: text,
      identityType: fc.constantFrom('org', 'user', 'other'),
      projectId: option(text),
      agentIds: fc.uniqueArray(
        id.map((each) => `agent-${each}`),
        { maxLength: 5 },
      ),
      blockIds: fc.uniqueArray(
        id.map((each) => `block-${each}`),
        { maxLength: 5 },
      ),
      properties: fc.uniqueArray(property, { selector: ({ key }) => key, maxLength: 5 }),
    }),
    (given) =>
      agentsView.recordToIdentity(
        recordOf(agentsChange.createToChange({ ...blank(AgentsRequest), ...given } as never)),
      ),
    (given) => given,
  );
});

test.run();
