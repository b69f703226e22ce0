import { plainId } from '../../domain/agents.js';
import { FacetError } from '../../domain/errors.js';

const FORM = /^identity-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const LONGEST_SHOWN = 100;

/** The record's id in an id as agent platforms write it, `identity-<uuid>`; undefined where it is none. */
export function recordId(text: string): string | undefined {
  return FORM.test(text) ? plainId(text) : undefined;
}

/** What a caller is told where an id names nothing. */
export function notFound(kind: 'Identity' | 'Agent' | 'Block', id: string): FacetError {
  const message = `${kind} not found with id='${[...id].slice(0, LONGEST_SHOWN).join('')}'`;
  return new FacetError(kind === 'Identity' ? 'IDENTITY_NOT_FOUND' : 'NOT_FOUND', { message });
}
