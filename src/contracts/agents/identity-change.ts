import type { IdentityType } from '../../domain/agents.js';
import type { IdentityChange } from '../../domain/identity.js';
import type {
  CreateIdentityRequest,
  IdentityChange as RequestedChange,
} from '../../gen/facet/agents/v1/identities.js';
import { chosenFields } from '../chosen-fields.js';
import { propertiesToRecord } from './property.js';

const LISTS = ['agent_ids', 'block_ids', 'properties'];
const CHANGEABLE = ['identifier_key', 'name', 'identity_type', ...LISTS];

/** What a create asks for. A list that is not given is not touched, where the identity completes a record. */
export function createToChange(request: CreateIdentityRequest): IdentityChange {
  return givenToChange(request, populatedLists(request), '');
}

/** What an upsert asks for. A list is replaced where the mask names it; without a mask, where it has items. */
export function upsertToChange(
  request: CreateIdentityRequest,
  mask: readonly string[] | undefined,
): IdentityChange {
  const fields = [...CHANGEABLE, 'project_id'];
  const lists = mask === undefined ? populatedLists(request) : chosenFields(fields, request, mask);
  return givenToChange(request, lists, 'identity.');
}

/** What an update asks for: the fields of its mask that are set; without a mask, those that hold something. */
export function updateToChange(
  change: RequestedChange | undefined,
  mask: readonly string[] | undefined,
): IdentityChange {
  if (change === undefined) return {};
  const lists = mask === undefined ? populatedLists(change) : [];
  const named = mask ?? ['identifier_key', 'name', 'identity_type', ...lists];
  const chosen = chosenFields(CHANGEABLE, change, named);
  const given = <T>(name: string, value: T) => (chosen.includes(name) ? value : undefined);
  return {
    displayName: given('name', change.name),
    agents: {
      identifierKey: given('identifier_key', change.identifierKey),
      identityType: given('identity_type', change.identityType as IdentityType | undefined),
      agentIds: given('agent_ids', change.agentIds),
      blockIds: given('block_ids', change.blockIds),
      mergedProperties: given('properties', propertiesToRecord(change.properties, 'identity.properties')),
    },
  };
}

type Lists = Pick<CreateIdentityRequest, 'agentIds' | 'blockIds' | 'properties'>;

function populatedLists({ agentIds, blockIds, properties }: Lists): string[] {
  const items = [agentIds, blockIds, properties];
  return LISTS.filter((_, at) => items[at]!.length > 0);
}

function givenToChange(
  request: CreateIdentityRequest,
  lists: readonly string[],
  within: string,
): IdentityChange {
  const given = <T>(name: string, value: T) => (lists.includes(name) ? value : undefined);
  return {
    displayName: request.name,
    agents: {
      identifierKey: request.identifierKey,
      identityType: request.identityType as IdentityType,
      projectId: request.projectId,
      agentIds: given('agent_ids', request.agentIds),
      blockIds: given('block_ids', request.blockIds),
      properties: given('properties', propertiesToRecord(request.properties, `${within}properties`)),
    },
  };
}
