import { fold } from '../../src/domain/fold.js';
import type { FilterCondition } from '../../src/domain/identity-filter.js';
import { uuidClaim } from '../../src/domain/identity-index.js';
import type { IdentityOrder } from '../../src/domain/identity-order.js';
import { shownBy } from './profile.js';

/** A page that is asked for again and again, of profiles of any size. */
export interface PageQuery {
  readonly name: string;
  readonly order: IdentityOrder;
  readonly conditions: readonly FilterCondition[];
  /** `deep`: at an offset; `next`: from a place in the middle, as a page token has it. */
  readonly from: 'start' | 'deep' | 'next';
  /** Filtered and in another order: no one index has both, so it is printed, and held to nothing. */
  readonly isMixed?: boolean;
}

/** The words of sort_by, by what the index has. */
const ORDERS = {
  'createTime, profileId': 'id',
  updateTime: 'updateTime',
  name: 'name',
  firstName: 'givenName',
  middleName: 'middleName',
  lastName: 'familyName',
  enabled: 'enabled',
};

/** The filters, for what the profile of that number has. */
const FILTERS: Record<string, (number: number) => readonly FilterCondition[]> = {
  'enabled=1': () => [{ field: 'enabled', equals: true }],
  'enabled=0': () => [{ field: 'enabled', equals: false }],
  firstName: (number) => [{ field: 'givenName', equals: fold(shownBy(number).given) }],
  middleName: (number) => [{ field: 'middleName', equals: fold(shownBy(number).middle) }],
  lastName: (number) => [{ field: 'familyName', equals: fold(shownBy(number).family) }],
  name: (number) => {
    const { given, middle, family } = shownBy(number);
    return [{ field: 'name', equals: fold(`${given} ${middle} ${family}`) }];
  },
  uuid: (number) => [{ token: uuidClaim(shownBy(number).uuid) }],
  'firstName, enabled=1': (number) => [
    { field: 'givenName', equals: fold(shownBy(number).given) },
    { field: 'enabled', equals: true },
  ],
};

/** Every order from the start, from a place and at an offset; every filter in the default order. */
export function pageQueries(): PageQuery[] {
  const number = 1001;
  return [
    ...(['start', 'next', 'deep'] as const).flatMap((from) =>
      Object.entries(ORDERS).map(([word, field]) => ({
        name: `sort ${word}`,
        order: { field, descending: true },
        conditions: [],
        from,
      })),
    ),
    ...Object.entries(FILTERS).map(([word, conditions]) => ({
      name: `filter ${word}`,
      order: { field: 'id', descending: true },
      conditions: conditions(number),
      from: 'start' as const,
    })),
    {
      name: 'filter enabled=1, sort name',
      order: { field: 'name', descending: false },
      conditions: FILTERS['enabled=1']!(number),
      from: 'start',
      isMixed: true,
    },
  ];
}
