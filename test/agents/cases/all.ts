import { ADA, type Case, NOBODY, PROPERTIES } from './case.js';

const FIVE = ['1', '2', '3', '4', '5'].map((key) => ({ ...ADA, identifier_key: key, name: `Name ${key}` }));
const FULL = {
  ...ADA,
  properties: PROPERTIES,
  agent_ids: ['agent-0d2b1b5e-5f0c-4c5e-9a51-1c5c3f2d6a11'],
  block_ids: ['block-0d2b1b5e-5f0c-4c5e-9a51-1c5c3f2d6a11'],
};

/** What is asked of all identities: upserts, lists, the count. */
export const ALL_CASES: readonly Case[] = [
  {
    number: 38,
    title: 'an upsert of a key that is there changes it and keeps its lists',
    given: [FULL],
    steps: [
      [
        'PUT',
        '/',
        { identifier_key: 'ada', name: 'Countess', identity_type: 'org' },
        { status: 200, has: { ...FULL, id: '$1', name: 'Countess', identity_type: 'org' } },
      ],
      [
        'PUT',
        '/',
        { ...ADA, properties: null, agent_ids: null, block_ids: null, project_id: null },
        { status: 200, has: { ...FULL, id: '$1' } },
      ],
    ],
  },
  {
    number: 39,
    title: 'an upsert with lists replaces them, with empty ones too',
    given: [FULL],
    steps: [
      [
        'PUT',
        '/',
        { ...ADA, properties: [PROPERTIES[1]] },
        { status: 200, has: { ...FULL, id: '$1', properties: [PROPERTIES[1]] } },
      ],
      [
        'PUT',
        '/',
        { ...ADA, properties: [], agent_ids: [], block_ids: [] },
        { status: 200, has: { ...ADA, id: '$1', properties: [], agent_ids: [], block_ids: [] } },
      ],
    ],
  },
  {
    number: 40,
    title: 'an upsert of a new key creates',
    steps: [
      ['PUT', '/', FULL, { status: 200, has: FULL }],
      ['GET', '/', undefined, { status: 200, keys: ['ada'] }],
    ],
  },
  {
    number: 41,
    title: 'an upsert of a key in another project creates it there',
    given: [ADA],
    steps: [
      ['PUT', '/', { ...ADA, project_id: 'p' }, { status: 200, has: { project_id: 'p' } }],
      ['GET', '/count', undefined, { status: 200, is: 2 }],
    ],
  },
  {
    number: 42,
    title: 'an upsert needs a name',
    given: [ADA],
    steps: [
      [
        'PUT',
        '/',
        { identifier_key: 'ada', identity_type: 'user' },
        { status: 422, detail: 'name is required' },
      ],
    ],
  },
  {
    number: 47,
    title: 'a list is newest first',
    given: FIVE,
    steps: [['GET', '/', undefined, { status: 200, keys: ['5', '4', '3', '2', '1'] }]],
  },
  {
    number: 48,
    title: 'a list can be oldest first',
    given: FIVE,
    steps: [['GET', '/?order=asc', undefined, { status: 200, keys: ['1', '2', '3', '4', '5'] }]],
  },
  {
    number: 49,
    title: 'pages after the last of the one before, and then none',
    given: FIVE,
    steps: [
      ['GET', '/?limit=2', undefined, { status: 200, keys: ['5', '4'] }],
      ['GET', '/?limit=2&after=$4', undefined, { status: 200, keys: ['3', '2'] }],
      ['GET', '/?limit=2&after=$2', undefined, { status: 200, keys: ['1'] }],
      ['GET', '/?limit=2&after=$1', undefined, { status: 200, keys: [] }],
      ['GET', '/?limit=2&after=$1&order=asc', undefined, { status: 200, keys: ['2', '3'] }],
    ],
  },
  {
    number: 50,
    title: 'a cursor that names nothing is 404, whatever its form',
    given: FIVE,
    steps: [
      [
        'GET',
        `/?after=${NOBODY}`,
        undefined,
        { status: 404, detail: `Identity not found with id='${NOBODY}'` },
      ],
      ['GET', '/?after=garbage', undefined, { status: 404 }],
      ['GET', `/?before=${NOBODY}`, undefined, { status: 404 }],
      ['DELETE', '/$3', undefined, { status: 200 }],
      ['GET', '/?after=$3', undefined, { status: 404 }],
    ],
  },
  {
    number: 51,
    title: 'a page before a cursor is the one next to it, in the order of the list',
    given: FIVE,
    steps: [
      ['GET', '/?limit=2&before=$1', undefined, { status: 200, keys: ['3', '2'] }],
      ['GET', '/?limit=2&before=$3', undefined, { status: 200, keys: ['5', '4'] }],
      ['GET', '/?limit=2&before=$5', undefined, { status: 200, keys: [] }],
      ['GET', '/?limit=2&before=$5&order=asc', undefined, { status: 200, keys: ['3', '4'] }],
    ],
  },
  {
    number: 52,
    title: 'between two cursors the first of the window, and nothing where they are the wrong way round',
    given: FIVE,
    steps: [
      ['GET', '/?after=$5&before=$1', undefined, { status: 200, keys: ['4', '3', '2'] }],
      ['GET', '/?after=$5&before=$1&limit=2', undefined, { status: 200, keys: ['4', '3'] }],
      ['GET', '/?after=$1&before=$5&order=asc&limit=2', undefined, { status: 200, keys: ['2', '3'] }],
      ['GET', '/?after=$1&before=$5', undefined, { status: 200, keys: [] }],
      ['GET', '/?after=$3&before=$3', undefined, { status: 200, keys: [] }],
    ],
  },
  {
    number: 53,
    title: 'no limit is no way to ask for all',
    steps: [['GET', '/?limit=0', undefined, { status: 422, detail: /^limit / }]],
  },
  {
    number: 54,
    title: 'a limit is not negative',
    steps: [['GET', '/?limit=-1', undefined, { status: 422, detail: /^limit / }]],
  },
  {
    number: 55,
    title: 'a limit is a number',
    steps: [['GET', '/?limit=abc', undefined, { status: 422, detail: 'limit must be an integer' }]],
  },
  {
    number: 56,
    title: 'a limit beyond ours is taken for ours',
    given: FIVE,
    steps: [
      ['GET', '/?limit=1000', undefined, { status: 200, keys: ['5', '4', '3', '2', '1'] }],
      ['GET', '/?limit=100000', undefined, { status: 200, keys: ['5', '4', '3', '2', '1'] }],
    ],
  },
  {
    number: 57,
    title: 'an unknown order is refused',
    steps: [['GET', '/?order=sideways', undefined, { status: 422, detail: /^order .*asc, desc/ }]],
  },
  {
    number: 58,
    title: 'lists go by the time of creation only',
    given: FIVE,
    steps: [
      ['GET', '/?order_by=name', undefined, { status: 422, detail: /^order_by .*created_at/ }],
      ['GET', '/?order_by=created_at&limit=1', undefined, { status: 200, keys: ['5'] }],
    ],
  },
  {
    number: 59,
    title: 'an unknown type is refused, and an empty one is none',
    given: [ADA, { ...ADA, identifier_key: 'acme', identity_type: 'org' }],
    steps: [
      ['GET', '/?identity_type=robot', undefined, { status: 422, detail: /^identity_type / }],
      ['GET', '/?identity_type=', undefined, { status: 200, keys: ['acme', 'ada'] }],
      ['GET', '/?identity_type=org', undefined, { status: 200, keys: ['acme'] }],
    ],
  },
  {
    number: 60,
    title: 'a part of the name, in any case, taken literally',
    given: [
      { ...ADA, name: 'Ada Byron' },
      { ...ADA, identifier_key: 'odd', name: '50% of_a.Byr*n \\' },
      { ...ADA, identifier_key: 'ue', name: 'ÜBER' },
    ],
    steps: [
      ['GET', '/?name=bYR', undefined, { status: 200, keys: ['odd', 'ada'] }],
      ['GET', '/?name=da+by', undefined, { status: 200, keys: ['ada'] }],
      ['GET', '/?name=%25', undefined, { status: 200, keys: ['odd'] }],
      ['GET', '/?name=d_', undefined, { status: 200, keys: [] }],
      ['GET', '/?name=.*', undefined, { status: 200, keys: [] }],
      ['GET', '/?name=%5C', undefined, { status: 200, keys: ['odd'] }],
      ['GET', '/?name=%C3%BCb', undefined, { status: 200, keys: ['ue'] }],
      ['GET', '/?name=', undefined, { status: 200, keys: ['ue', 'odd', 'ada'] }],
    ],
  },
  {
    number: 61,
    title: 'a whole key, in a project or in any',
    given: [ADA, { ...ADA, project_id: 'p' }, { ...ADA, identifier_key: 'adam', project_id: 'p' }],
    steps: [
      ['GET', '/?identifier_key=ada', undefined, { status: 200, keys: ['ada', 'ada'] }],
      ['GET', '/?identifier_key=ada&project_id=p', undefined, { status: 200, keys: ['ada'] }],
      ['GET', '/?project_id=p', undefined, { status: 200, keys: ['adam', 'ada'] }],
      ['GET', '/?identifier_key=ad', undefined, { status: 200, keys: [] }],
      ['GET', '/?identifier_key=ada&project_id=q', undefined, { status: 200, keys: [] }],
    ],
  },
  {
    number: 62,
    title: 'an unknown parameter is ignored',
    given: [ADA],
    steps: [['GET', '/?unknown=1', undefined, { status: 200, keys: ['ada'] }]],
  },
  {
    number: 63,
    title: 'the count is a bare number',
    given: FIVE,
    steps: [
      ['GET', '/count', undefined, { status: 200, is: 5 }],
      ['GET', '/count/', undefined, { status: 200, is: 5 }],
    ],
  },
  {
    number: 67,
    title: 'a method that the list does not have is 405',
    steps: [
      [
        'PATCH',
        '/',
        {},
        { status: 405, detail: 'Method Not Allowed', headers: { allow: 'GET, POST, PUT, HEAD, OPTIONS' } },
      ],
    ],
  },
];
