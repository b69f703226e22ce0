import * as assert from 'uvu/assert';
import type { Identity } from '../../../src/gen/facet/v1/identity.js';

/** The titles that many give to one record. Its etag counts its writes, so the newest of those acknowledged is known. */
export interface Titles {
  /** A title that nobody else gives, about to be asked for. */
  next(): string;
  acknowledged(title: string, etag: string): void;
  /** Asserts that the record has the newest, or one that came after it and had no answer. */
  mustHold(record: Identity | undefined): void;
}

export function createTitles(): Titles {
  const unanswered = new Set<string>();
  let newest = { title: '', version: 0 };
  let count = 0;
  return {
    next() {
      const title = `title ${++count}`;
      unanswered.add(title);
      return title;
    },
    acknowledged(title, etag) {
      unanswered.delete(title);
      if (Number(etag) > newest.version) newest = { title, version: Number(etag) };
    },
    mustHold(record) {
      assert.ok(
        record !== undefined && Number(record.etag) >= newest.version,
        'an acknowledged write is lost',
      );
      const title = record.jobTitle ?? '';
      assert.ok(
        title === newest.title || unanswered.has(title),
        `${title}, where ${newest.title} was the newest`,
      );
    },
  };
}
