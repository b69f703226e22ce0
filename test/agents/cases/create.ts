import { ADA, type Case, PROPERTIES } from './case.js';

const AGENT = 'agent-0d2b1b5e-5f0c-4c5e-9a51-1c5c3f2d6a11';
const BLOCK = 'block-0d2b1b5e-5f0c-1c5e-9a51-1c5c3f2d6a11';
const property = (value: unknown, type = 'string') => ({ ...ADA, properties: [{ key: 'p', value, type }] });

export const CREATE_CASES: readonly Case[] = [
  {
    number: 1,
    title: 'a create with everything is 200 and answers it whole',
    steps: [
      [
        'POST',
        '/',
        { ...ADA, properties: PROPERTIES },
        { status: 200, has: { ...ADA, project_id: null, properties: PROPERTIES } },
      ],
    ],
  },
  {
    number: 2,
    title: 'a create with the least answers null and empty lists for the rest',
    steps: [
      [
        'POST',
        '/',
        ADA,
        { status: 200, has: { ...ADA, project_id: null, properties: [], agent_ids: [], block_ids: [] } },
      ],
    ],
  },
  {
    number: 3,
    title: 'a create with a key that is taken is 409, without a word of the store, and not to be retried',
    given: [ADA],
    steps: [
      [
        'POST',
        '/',
        ADA,
        {
          status: 409,
          detail: /identifier_key/,
          untold: /sql|unique constraint|E11000|claim/i,
          headers: { 'x-should-retry': 'false', 'retry-after': null },
        },
      ],
    ],
  },
  {
    number: 4,
    title: 'a null project is the same as none',
    given: [ADA],
    steps: [['POST', '/', { ...ADA, project_id: null }, { status: 409 }]],
  },
  {
    number: 5,
    title: 'a key is free in another project',
    given: [ADA],
    steps: [
      ['POST', '/', { ...ADA, project_id: 'p' }, { status: 200, has: { project_id: 'p' } }],
      ['POST', '/', { ...ADA, project_id: 'p' }, { status: 409 }],
    ],
  },
  {
    number: 6,
    title: 'a create of nothing names all that is missing',
    steps: [
      [
        'POST',
        '/',
        {},
        {
          status: 422,
          detail: 'identifier_key is required; name is required; identity_type is required',
        },
      ],
    ],
  },
  {
    number: 7,
    title: 'broken JSON is 422',
    steps: [['POST', '/', '{"identifier_key":', { status: 422 }]],
  },
  {
    number: 8,
    title: 'an empty key is refused, of a property too, and an empty name is not',
    steps: [
      [
        'POST',
        '/',
        { ...ADA, identifier_key: '', name: '' },
        { status: 422, detail: /^identifier_key [^;]*$/ },
      ],
      [
        'POST',
        '/',
        { ...ADA, properties: [{ key: '', value: 1, type: 'number' }] },
        { status: 422, detail: /^properties\[0\]\.key / },
      ],
      ['POST', '/', { ...ADA, name: '' }, { status: 200, has: { name: '' } }],
    ],
  },
  {
    number: 9,
    title: 'an unknown field is refused, in a property too',
    steps: [
      ['POST', '/', { ...ADA, nickname: 'a' }, { status: 422, detail: 'nickname is not a known field' }],
      [
        'POST',
        '/',
        { ...ADA, properties: [{ ...PROPERTIES[0], unit: 'a' }] },
        { status: 422, detail: 'properties[0].unit is not a known field' },
      ],
    ],
  },
  {
    number: 10,
    title: 'an id cannot be chosen',
    steps: [['POST', '/', { ...ADA, id: 'identity-1' }, { status: 422, detail: /^id / }]],
  },
  {
    number: 11,
    title: 'an unknown type is refused with those that there are',
    steps: [
      [
        'POST',
        '/',
        { ...ADA, identity_type: 'robot' },
        { status: 422, detail: /^identity_type .*org, user, other/ },
      ],
    ],
  },
  {
    number: 12,
    title: 'numbers are no texts',
    steps: [
      [
        'POST',
        '/',
        { ...ADA, identifier_key: 5, name: 6 },
        { status: 422, detail: 'identifier_key must be a string; name must be a string' },
      ],
    ],
  },
  {
    number: 13,
    title: 'an unknown type of a property is refused where it stands',
    steps: [['POST', '/', property(1, 'int'), { status: 422, detail: /^properties\[0\]\.type / }]],
  },
  {
    number: 14,
    title: 'a property needs a value',
    steps: [
      [
        'POST',
        '/',
        { ...ADA, properties: [{ key: 'p', type: 'string' }] },
        { status: 422, detail: 'properties[0].value is required' },
      ],
    ],
  },
  {
    number: 15,
    title: 'a value need not be what its type says, and is not made so',
    steps: [['POST', '/', property('text', 'number'), { status: 200, has: property('text', 'number') }]],
  },
  {
    number: 16,
    title: 'a value is no list',
    steps: [['POST', '/', property([1]), { status: 422, detail: /^properties\[0\]\.value / }]],
  },
  {
    number: 17,
    title: 'a value is not null',
    steps: [['POST', '/', property(null), { status: 422, detail: /^properties\[0\]\.value / }]],
  },
  {
    number: 18,
    title: 'of two properties with one key both are kept',
    steps: [
      [
        'POST',
        '/',
        { ...ADA, properties: [PROPERTIES[0], PROPERTIES[0]] },
        { status: 200, has: { properties: [PROPERTIES[0], PROPERTIES[0]] } },
      ],
    ],
  },
  {
    number: 19,
    title: 'a nested value comes back as it went in',
    steps: [
      [
        'POST',
        '/',
        property({ a: [1, { b: null }, []], '': { 'c.d': '$where' } }, 'json'),
        { status: 200, has: property({ a: [1, { b: null }, []], '': { 'c.d': '$where' } }, 'json') },
      ],
    ],
  },
  {
    number: 20,
    title: 'a link of another form is refused where it stands',
    steps: [
      [
        'POST',
        '/',
        { ...ADA, agent_ids: [AGENT, 'x'], block_ids: [AGENT] },
        { status: 422, detail: /^agent_ids\[1\] must be agent-<uuid>; block_ids\[0\] must be block-<uuid>$/ },
      ],
    ],
  },
  {
    number: 21,
    title: 'a link to an agent that nobody knows is kept',
    steps: [['POST', '/', { ...ADA, agent_ids: [AGENT] }, { status: 200, has: { agent_ids: [AGENT] } }]],
  },
  {
    number: 22,
    title: 'a link to a block that nobody knows is kept',
    steps: [['POST', '/', { ...ADA, block_ids: [BLOCK] }, { status: 200, has: { block_ids: [BLOCK] } }]],
  },
];
