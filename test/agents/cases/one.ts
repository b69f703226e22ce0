import { ADA, type Case, NOBODY, PROPERTIES } from './case.js';

const NULLS = {
  identifier_key: null,
  name: null,
  identity_type: null,
  agent_ids: null,
  block_ids: null,
  properties: null,
};
const FULL = { ...ADA, properties: PROPERTIES, agent_ids: ['agent-0d2b1b5e-5f0c-4c5e-9a51-1c5c3f2d6a11'] };

/** What is asked of one identity by its id. */
export const ONE_CASES: readonly Case[] = [
  {
    number: 23,
    title: 'a list without the slash is served as with it',
    given: [ADA],
    steps: [['GET', '', undefined, { status: 200, keys: ['ada'] }]],
  },
  {
    number: 24,
    title: 'a create without the slash is served as with it',
    steps: [['POST', '', ADA, { status: 200, has: ADA }]],
  },
  {
    number: 25,
    title: 'one identity with a slash is served as without it',
    given: [ADA],
    steps: [['GET', '/$1/', undefined, { status: 200, has: { id: '$1' } }]],
  },
  {
    number: 26,
    title: 'one identity',
    given: [FULL],
    steps: [['GET', '/$1', undefined, { status: 200, has: { ...FULL, id: '$1' } }]],
  },
  {
    number: 27,
    title: 'an unknown id is 404 and named',
    steps: [
      ['GET', `/${NOBODY}`, undefined, { status: 404, detail: `Identity not found with id='${NOBODY}'` }],
    ],
  },
  {
    number: 28,
    title: 'an id of another form is 422',
    steps: [
      ['GET', '/identity-123', undefined, { status: 422, detail: 'identity_id must be identity-<uuid>' }],
    ],
  },
  {
    number: 29,
    title: 'an id in upper case is 422',
    steps: [
      ['GET', `/${NOBODY.replace(/-.*/, (tail) => tail.replaceAll('0', 'A'))}`, undefined, { status: 422 }],
    ],
  },
  {
    number: 30,
    title: 'a change of the name changes nothing else',
    given: [FULL],
    steps: [['PATCH', '/$1', { name: 'Countess' }, { status: 200, has: { ...FULL, name: 'Countess' } }]],
  },
  {
    number: 31,
    title: 'a change of nothing changes nothing',
    given: [FULL],
    steps: [['PATCH', '/$1', {}, { status: 200, has: FULL, headers: { etag: '"1"' } }]],
  },
  {
    number: 32,
    title: 'null changes nothing',
    given: [FULL],
    steps: [['PATCH', '/$1', NULLS, { status: 200, has: FULL, headers: { etag: '"1"' } }]],
  },
  {
    number: 33,
    title: 'the project cannot be changed',
    given: [ADA],
    steps: [
      ['PATCH', '/$1', { project_id: 'p' }, { status: 422, detail: 'project_id is not a known field' }],
    ],
  },
  {
    number: 34,
    title: 'properties are merged by key: those that are there keep their place',
    given: [FULL],
    steps: [
      [
        'PATCH',
        '/$1',
        {
          properties: [
            { key: 'new', value: true, type: 'boolean' },
            { key: 'age', value: 29, type: 'number' },
          ],
        },
        {
          status: 200,
          has: {
            properties: [
              { key: 'age', value: 29, type: 'number' },
              PROPERTIES[1],
              { key: 'new', value: true, type: 'boolean' },
            ],
          },
        },
      ],
    ],
  },
  {
    number: 35,
    title: 'no properties to merge change nothing',
    given: [FULL],
    steps: [['PATCH', '/$1', { properties: [] }, { status: 200, has: FULL }]],
  },
  {
    number: 36,
    title: 'a key that another has is 409',
    given: [ADA, { ...ADA, identifier_key: 'eva' }],
    steps: [
      ['PATCH', '/$2', { identifier_key: 'ada' }, { status: 409, headers: { 'x-should-retry': 'false' } }],
    ],
  },
  {
    number: 37,
    title: 'a change of what is not there is 404',
    steps: [['PATCH', `/${NOBODY}`, { name: 'a' }, { status: 404, detail: /not found/ }]],
  },
  {
    number: 43,
    title: 'the list of properties is replaced whole',
    given: [FULL],
    steps: [
      [
        'PUT',
        '/$1/properties',
        [PROPERTIES[1]],
        { status: 200, has: { ...FULL, properties: [PROPERTIES[1]] } },
      ],
    ],
  },
  {
    number: 44,
    title: 'the list of properties is emptied',
    given: [FULL],
    steps: [['PUT', '/$1/properties', [], { status: 200, has: { ...FULL, properties: [] } }]],
  },
  {
    number: 45,
    title: 'an object, or nothing, is no list of properties, and empties none',
    given: [FULL],
    steps: [
      ['PUT', '/$1/properties', { properties: [] }, { status: 422, detail: 'must be an array' }],
      ['PUT', '/$1/properties', undefined, { status: 422 }],
      ['PUT', '/$1/properties', null, { status: 422 }],
    ],
  },
  {
    number: 46,
    title: 'properties of what is not there are 404',
    steps: [['PUT', `/${NOBODY}/properties`, [], { status: 404 }]],
  },
  {
    number: 65,
    title: 'links are answered one object each; an unknown identity is 404, an unknown include 422',
    given: [FULL],
    steps: [
      ['GET', '/$1/agents', undefined, { status: 200, is: [{ id: FULL.agent_ids[0] }] }],
      [
        'GET',
        '/$1/agents?include=agent.tools&include=agent.blocks',
        undefined,
        { status: 200, is: [{ id: FULL.agent_ids[0] }] },
      ],
      ['GET', '/$1/blocks', undefined, { status: 200, is: [] }],
      ['GET', `/${NOBODY}/agents`, undefined, { status: 404 }],
      ['GET', `/${NOBODY}/blocks`, undefined, { status: 404 }],
      ['GET', '/$1/agents?include=robot', undefined, { status: 422, detail: /^include\[0\] / }],
    ],
  },
  {
    number: 66,
    title: 'a delete is 200 null, then 404, and the key is free again',
    given: [FULL],
    steps: [
      ['DELETE', '/$1', undefined, { status: 200, is: null }],
      ['DELETE', '/$1', undefined, { status: 404 }],
      ['POST', '/', ADA, { status: 200 }],
    ],
  },
];
