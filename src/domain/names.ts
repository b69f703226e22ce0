import type { IdentityRecord } from './identity.js';

/** The parts that a caller writes one by one. */
const PARTS = ['givenName', 'middleName', 'familyName'] as const;

type Names = Pick<IdentityRecord, 'givenName' | 'middleName' | 'familyName' | 'displayName'>;
/** A record, or names alone. */
type Named = Names & Partial<Pick<IdentityRecord, 'traitFacts'>>;

/** The record's own names; those that the schema marks in its traits where it has none of its own at all. */
export function namesOf(record: Named): Names {
  const { givenName, middleName, familyName, displayName, traitFacts } = record;
  if (traitFacts === undefined || givenName || middleName || familyName || displayName) return record;
  const { names } = traitFacts;
  return {
    givenName: names.givenName ?? null,
    middleName: names.middleName ?? null,
    familyName: names.familyName ?? null,
    displayName: names.displayName ?? null,
  };
}

/** The job title; the one in the traits where the record has none of its own. */
export function jobTitleOf(record: Pick<IdentityRecord, 'jobTitle' | 'traitFacts'>): string | null {
  return record.jobTitle ?? record.traitFacts.names.jobTitle ?? null;
}

/** The parts that are set, joined by one space; empty where none is. */
function joinedParts(names: Names): string {
  return [names.givenName, names.middleName, names.familyName].filter((part) => part).join(' ');
}

/** The full name for views that know parts: the parts joined, else the display name, else "". */
export function fullName(record: Named): string {
  const names = namesOf(record);
  return joinedParts(names) || (names.displayName ?? '');
}

/** The name for views that know one name only: the display name, else the parts joined, else "". */
export function shownName(record: Named): string {
  const names = namesOf(record);
  return names.displayName || joinedParts(names);
}

/** Given and family name; where neither is set, the display name split at its last space. */
export function nameParts(record: Named): { given: string | null; family: string | null } {
  const names = namesOf(record);
  if (names.givenName !== null || names.familyName !== null || !names.displayName) {
    return { given: names.givenName, family: names.familyName };
  }
  const display = names.displayName.trim();
  const split = display.lastIndexOf(' ');
  if (split < 0) return { given: display, family: null };
  return { given: display.slice(0, split).trimEnd(), family: display.slice(split + 1) };
}

/**
 * What a change of some parts of the name writes: where the parts were only derived so far, those that the change
 * leaves alone are written down as they were shown, so that writing one blanks no other.
 */
export function writtenParts<Change extends { readonly [Name in keyof Names]?: Names[Name] | undefined }>(
  names: Named,
  change: Change,
): Change {
  const writesPart = PARTS.some((part) => change[part] !== undefined);
  const hasOwn = names.givenName !== null || names.familyName !== null;
  if (!writesPart || hasOwn) return change;
  const { given, family } = nameParts(names);
  const { middleName } = namesOf(names);
  return {
    ...(middleName !== names.middleName && { middleName }),
    ...change,
    givenName: change.givenName === undefined ? given : change.givenName,
    familyName: change.familyName === undefined ? family : change.familyName,
  };
}
