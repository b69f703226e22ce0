import { assertContact } from '../../domain/contact.js';
import { invalid } from '../../domain/errors.js';
import type {
  CreateContactRequest,
  DeleteContactRequest,
  GetContactRequest,
  ListContactsRequest,
  UpdateContactRequest,
} from '../../gen/facet/v1/contact_service.js';
import type { Call } from '../../rpc/call.js';
import type { ContactOperations, HeldContact } from '../../services/contact/operations.js';
import { precondition, requestKey, setEtag } from '../conditions.js';
import { contactToChange, contactToInput } from './contact-change.js';
import { recordToContact } from './contact-view.js';

/** facet.v1.ContactService: the contacts of identities. */
export function contactService(contacts: ContactOperations) {
  const owner = (request: { identityId: string }, call: Call) => ({
    tenant: call.principal.tenant,
    id: request.identityId,
  });
  const origin = (call: Call) => ({ contract: 'core' as const, precondition: precondition(call) });
  const answer = ({ record, contact }: HeldContact, call: Call) => {
    setEtag(call, record);
    return recordToContact(contact);
  };

  return {
    async createContact(request: CreateContactRequest, call: Call) {
      const input = contactToInput(request.contact!);
      assertContact(input, 'contact');
      const from = { ...origin(call), requestKey: requestKey(call) };
      return answer(await contacts.add(owner(request, call), input, from, call), call);
    },

    async getContact(request: GetContactRequest, call: Call) {
      return answer(await contacts.get(owner(request, call), request.contactId, call), call);
    },

    async listContacts(request: ListContactsRequest, call: Call) {
      return { contacts: (await contacts.list(owner(request, call), call)).map(recordToContact) };
    },

    async updateContact(request: UpdateContactRequest, call: Call) {
      const { id } = request.contact!;
      if (id === '') throw invalid({ field: 'contact.id', description: 'is required', rule: 'required' });
      const change = contactToChange(request.contact!, request.updateMask);
      const from = { ...origin(call), path: 'contact' };
      return answer(await contacts.update(owner(request, call), id, change, from, call), call);
    },

    async deleteContact(request: DeleteContactRequest, call: Call) {
      await contacts.remove(owner(request, call), request.contactId, origin(call), call);
      return {};
    },
  };
}
