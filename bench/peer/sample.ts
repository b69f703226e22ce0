import type { Binding } from '../../gateway/route/bindings.js';
import type { Contract } from './contract.js';
import { EXAMPLES, type Example } from './examples.js';
import type { PeerRequest } from './peer-request.js';

/** The valid request of a binding, and how to make another of it. */
export interface Sample {
  readonly contract: Contract;
  readonly binding: Binding;
  readonly example: Example;
  readonly request: PeerRequest;
  /** The path of the binding, of an identity and login that nothing else is about. */
  freshPath(): string;
  /** The same, unless that takes a login: logins take their time, and what is refused leaves them as they are. */
  cheapPath(): string;
}

/** A variable of a path template. */
export const VARIABLE = /\{([^}=]+)(?:=[^}]*)?\}/g;

/** What a path variable names, where it is not the identity itself: by contract and field. */
const PARTS: Readonly<Record<string, string>> = {
  'core.session_id': 'session',
  'outreach.session_id': 'session',
  'core.contact_id': 'contact',
  'core.contact.id': 'contact',
  'profiles.contact_id': 'contact',
  'core.domain_id': 'domain',
  'core.schema_id': 'schema',
  'core.schema.id': 'schema',
  'mailbox.identity_id': 'mailbox',
  'core.auth_session_id': 'auth',
  'core.type': 'credential',
  'admin.type': 'totp',
  'admin.external_id': 'external',
  'admin.schema_id': 'schema',
};

/** The valid request of a binding, by its example. */
export function sampleOf(contract: Contract, binding: Binding): Sample {
  const { rpc, method, template } = binding;
  const example = EXAMPLES[`${rpc.parent.typeName}/${rpc.name}`] ?? {};
  const reads = method === 'GET';
  const room = example.identity ?? (reads ? 'shared' : 'own');
  const prefix = example.session === undefined ? '' : `${example.session}-`;
  const path = (name: string) =>
    template.text.replace(VARIABLE, (_, field: string) => {
      const part = PARTS[`${contract.name}.${field}`] ?? example.part;
      return part === undefined
        ? `${example.idPrefix ?? ''}{{${room}.${prefix}${name}}}`
        : `{{${room}.${prefix}${name}.${part}}}`;
    });
  // Bindings of one method are not about the same records.
  const place = contract.bindings.filter((other) => other.rpc === rpc).indexOf(binding);
  const own = place === 0 ? rpc.name : `${rpc.name}+${place}`;
  let made = 0;
  const freshPath = () => (reads ? path('a') : path(`${own}-${++made}`));
  const request: PeerRequest = {
    title: `${rpc.name} ${method} ${template.text}`,
    rpc: rpc.name,
    method,
    path: freshPath() + (example.query ? `?${example.query}` : ''),
    ...(example.body && { body: example.body }),
    ...(rpc.methodKind === 'server_streaming' && { stream: true }),
  };
  return {
    contract,
    binding,
    example,
    request,
    freshPath,
    cheapPath: () => (example.session === undefined ? freshPath() : path(own)),
  };
}
