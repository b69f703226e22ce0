import type { IdentityRecord } from './identity.js';

/** The parts that a caller writes one by one. */
const PARTS = ['givenName', 'middleName', 'familyName'] as const;

type Names = Pick<IdentityRecord, 'givenName' | 'middleName' | 'familyName' | 'displayName'>;

/** The parts that are set, joined by one space; empty where none is. */
function joinedParts(names: Names): string {
  return [names.givenName, names.middleName, names.familyName].filter((part) => part).join(' ');
}

/** The full name for views that know parts: the parts joined, else the display name, else "". */
export function fullName(names: Names): string {
  return joinedParts(names) || (names.displayName ?? '');
}

/** The name for views that know one name only: the display name, else the parts joined, else "". */
export function shownName(names: Names): string {
  return names.displayName || joinedParts(names);
}

/** Given and family name; where neither is set, the display name split at its last space. */
export function nameParts(names: Names): { given: string | null; family: string | null } {
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
  names: Names,
  change: Change,
): Change {
  const writesPart = PARTS.some((part) => change[part] !== undefined);
  const hasOwn = names.givenName !== null || names.familyName !== null;
  if (!writesPart || hasOwn) return change;
  const { given, family } = nameParts(names);
  return {
    ...change,
    givenName: change.givenName === undefined ? given : change.givenName,
    familyName: change.familyName === undefined ? family : change.familyName,
  };
}
