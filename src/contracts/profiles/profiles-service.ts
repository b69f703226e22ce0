import { assertContact } from '../../domain/contact.js';
import { FacetError } from '../../domain/errors.js';
import type { IdentityRecord } from '../../domain/identity.js';
import type {
  CreateContactRequest,
  CreateProfileRequest,
  DeleteContactRequest,
  DeleteProfileRequest,
  GetContactRequest,
  GetProfileRequest,
  ListContactsRequest,
  ListProfilesRequest,
  UpdateContactRequest,
  UpdateProfileRequest,
} from '../../gen/facet/profiles/v1/profiles.js';
import type { Call } from '../../rpc/call.js';
import type { ContactOperations, HeldContact } from '../../services/contact/operations.js';
import type { IdentityOperations } from '../../services/identity/operations.js';
import { createOrigin, precondition, requestKey, setEtag } from '../conditions.js';
import { contactToInput, updateToContactChange } from './contact-change.js';
import { inWordsOfProfiles } from './contact-taken.js';
import { createToChange, updateToChange } from './profile-change.js';
import { profileConditions, profileOrder } from './profile-query.js';
import { recordToContact, recordToProfile } from './profile-view.js';

const LIMIT = 100;
/** A page is not cut short: one that would be longer is refused. */
const PAGE_BYTES = 24 * 1024 * 1024;

/** facet.profiles.v1: the profiles of contracts/profiles.txt and their contacts. */
export function profilesService(identities: IdentityOperations, contacts: ContactOperations) {
  const key = (request: { profileId: string }, call: Call) => ({
    tenant: call.principal.tenant,
    id: request.profileId,
  });
  const origin = (call: Call) => ({ contract: 'profiles' as const, precondition: precondition(call) });
  const answer = (record: IdentityRecord, call: Call) => {
    setEtag(call, record);
    return recordToProfile(record);
  };
  const contactAnswer = ({ record, contact }: HeldContact, call: Call) => {
    setEtag(call, record);
    return recordToContact(contact);
  };

  return {
    async listProfiles(request: ListProfilesRequest, call: Call) {
      const { tenant } = call.principal;
      const conditions = profileConditions(request);
      const { limit = LIMIT, offset } = request;
      const query = { conditions, order: profileOrder(request), limit, offset, maxBytes: PAGE_BYTES };
      const [page, total] = await Promise.all([
        identities.list(tenant, query, call),
        identities.count(tenant, query, call),
      ]);
      if (page.records.length < limit && page.next !== undefined) throw new FacetError('ANSWER_TOO_LARGE');
      call.setHeader('x-total-count', String(total));
      return { profiles: page.records.map(recordToProfile) };
    },

    async getProfile(request: GetProfileRequest, call: Call) {
      return answer(await identities.get(call.principal.tenant, request.profileId, call), call);
    },

    async createProfile(request: CreateProfileRequest, call: Call) {
      const { tenant } = call.principal;
      const change = createToChange(request);
      const made = identities.create(tenant, change, createOrigin(call, 'profiles'), call);
      return answer(await made.catch(inWordsOfProfiles), call);
    },

    async updateProfile(request: UpdateProfileRequest, call: Call) {
      const change = updateToChange(request);
      return answer(await identities.update(key(request, call), change, origin(call), call), call);
    },

    async deleteProfile(request: DeleteProfileRequest, call: Call) {
      await identities.delete(key(request, call), precondition(call), call);
      return {};
    },

    async listContacts(request: ListContactsRequest, call: Call) {
      return { contacts: (await contacts.list(key(request, call), call)).map(recordToContact) };
    },

    async getContact(request: GetContactRequest, call: Call) {
      return contactAnswer(await contacts.get(key(request, call), request.contactId, call), call);
    },

    async createContact(request: CreateContactRequest, call: Call) {
      const contact = contactToInput(request.contact!);
      assertContact(contact, 'contact');
      const from = { ...origin(call), requestKey: requestKey(call) };
      const added = contacts.add(key(request, call), contact, from, call);
      return contactAnswer(await added.catch(inWordsOfProfiles), call);
    },

    async updateContact(request: UpdateContactRequest, call: Call) {
      const change = updateToContactChange(request);
      const from = { ...origin(call), path: 'contact' };
      const updated = contacts.update(key(request, call), request.contactId, change, from, call);
      return contactAnswer(await updated.catch(inWordsOfProfiles), call);
    },

    async deleteContact(request: DeleteContactRequest, call: Call) {
      await contacts.remove(key(request, call), request.contactId, origin(call), call);
      return {};
    },
  };
}
