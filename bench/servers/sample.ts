import { createCodecs } from '../../gateway/json/codec.js';
import { Identity, IdentityState, IdentityType } from '../../src/gen/facet/v1/identity.js';
import { ListIdentitiesResponse } from '../../src/gen/facet/v1/identity_service.js';
import { LinkedInConnectionStatus } from '../../src/gen/facet/v1/linkedin_session.js';
import { readImageFile } from '../../src/image.js';
import { readImage } from '../../src/rpc/image.js';

/** How many identities a page of the list holds. */
export const PAGE = 50;

/** What a client gives of an identity; `number` makes them differ. */
export function sampleFields(number: number) {
  return {
    givenName: 'Augusta Ada',
    familyName: `Byron ${number}`,
    displayName: `Ada Lovelace ${number}`,
    jobTitle: 'Analyst of engines',
    countryCode: 'GB',
    tags: ['first', 'of', 'all'],
    contacts: [],
    properties: [],
    identityType: IdentityType.UNSPECIFIED,
    externalId: `crm-${number}`,
  };
}

function sampleIdentity(number: number): Identity {
  return {
    ...sampleFields(number),
    id: `01a1fc21-8241-7784-874a-${String(number).padStart(12, '0')}`,
    middleName: undefined,
    state: IdentityState.ACTIVE,
    linkedin: {
      status: LinkedInConnectionStatus.NOT_CONNECTED,
      profileId: undefined,
      countryCode: undefined,
      lastLoginTime: undefined,
      lastError: undefined,
      sessionId: undefined,
    },
    etag: '1',
    createTime: new Date('2026-01-02T03:04:05.678Z'),
    updateTime: new Date('2026-01-02T03:04:05.678Z'),
  };
}

/** The answers of a trivial service, serialized, by method. */
export const ANSWERS: ReadonlyMap<string, Uint8Array> = new Map([
  ['/facet.v1.IdentityService/GetIdentity', Identity.encode(sampleIdentity(1)).finish()],
  [
    '/facet.v1.IdentityService/ListIdentities',
    ListIdentitiesResponse.encode({
      identities: Array.from({ length: PAGE }, (_, at) => sampleIdentity(at)),
      nextPageToken: 'Ci1t6rc8Z9hY0yYpZqu10VsiMDFhMWZjMmUt',
    }).finish(),
  ],
]);

/** The same as JSON, by the path that a plain server has for them. */
export function sampleTexts(): ReadonlyMap<string, string> {
  const image = readImage(readImageFile());
  const codecs = createCodecs(image, { names: 'json', types: 'proto3', unknownFields: 'ignore' });
  const text = (method: 'GetIdentity' | 'ListIdentities') => {
    const { methods } = image.getService('facet.v1.IdentityService')!;
    const { output } = methods.find(({ name }) => name === method)!;
    return codecs.message(output).encode(ANSWERS.get(`/facet.v1.IdentityService/${method}`)!);
  };
  return new Map([
    ['/get', text('GetIdentity')],
    ['/list', text('ListIdentities')],
  ]);
}
