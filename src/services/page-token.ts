import { createHmac, timingSafeEqual } from 'node:crypto';
import { FacetError } from '../domain/errors.js';
import type { FieldValue } from '../storage/store.js';

/** A place in an order: the sort value and id of the last item that was given out. */
export interface Place {
  readonly value: FieldValue;
  readonly id: string;
}

/** Makes and reads page tokens: opaque, and good only for the list that they were made for. */
export interface PageTokens {
  /** `list` names what is paged: tenant, method, filter and order. */
  seal(place: Place, list: readonly string[]): string;
  /** Undefined for an empty token. Throws INVALID_PAGE_TOKEN for one that was not made for this list. */
  open(token: string, list: readonly string[], field: string): Place | undefined;
}

const MAC_BYTES = 16;

/** `keys` are newest first: the first one seals, any of them opens. */
export function createPageTokens(keys: readonly Uint8Array[]): PageTokens {
  const mac = (key: Uint8Array, payload: Buffer, list: readonly string[]) =>
    createHmac('sha256', key)
      .update(JSON.stringify(list))
      .update('\0')
      .update(payload)
      .digest()
      .subarray(0, MAC_BYTES);
  return {
    seal(place, list) {
      const payload = Buffer.from(JSON.stringify([place.value, place.id]));
      return Buffer.concat([mac(keys[0]!, payload, list), payload]).toString('base64url');
    },
    open(token, list, field) {
      if (token === '') return undefined;
      const bytes = Buffer.from(token, 'base64url');
      const payload = bytes.subarray(MAC_BYTES);
      // Spare bits of the last character decode to the same bytes, so the text itself is compared too.
      const whole = bytes.length > MAC_BYTES && bytes.toString('base64url') === token;
      const given = bytes.subarray(0, MAC_BYTES);
      if (!whole || !keys.some((key) => timingSafeEqual(given, mac(key, payload, list))))
        throw refused(field);
      const [value, id] = JSON.parse(payload.toString()) as [FieldValue, string];
      return { value, id };
    },
  };
}

function refused(field: string): FacetError {
  const description = 'is not a token of this list: begin again without one';
  return new FacetError('INVALID_PAGE_TOKEN', { violations: [{ field, description, rule: 'page_token' }] });
}
