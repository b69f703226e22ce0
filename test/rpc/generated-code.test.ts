import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FacetError } from '../../src/domain/errors.js';
import { IdentitiesServiceDefinition as Outreach } from '../../src/gen/facet/outreach/v1/identities.js';
import {
  CreateIdentityRequest,
  IdentityServiceDefinition,
  UpdateIdentityRequest,
} from '../../src/gen/facet/v1/identity_service.js';
import { LinkedInSessionServiceDefinition } from '../../src/gen/facet/v1/linkedin_session_service.js';
import { readImageFile } from '../../src/image.js';
import { readImage } from '../../src/rpc/image.js';
import { createRequestChecks } from '../../src/rpc/request-check.js';
import { type Implementation, service } from '../../src/rpc/service.js';
import { mutate, seeded } from './lab/mutate.js';

const generated = suite('generated code');
const image = readImage(readImageFile());

generated('handlers that are missing or mistyped do not compile', () => {
  const handlers = {} as Implementation<typeof IdentityServiceDefinition>;
  const sessions = {} as Implementation<typeof LinkedInSessionServiceDefinition>;
  service(IdentityServiceDefinition, handlers);
  // @ts-expect-error a handler is missing
  service(IdentityServiceDefinition, { getIdentity: handlers.getIdentity });
  // @ts-expect-error the answer is of another type
  service(IdentityServiceDefinition, { ...handlers, getIdentity: async () => ({ identities: [] }) });
  // @ts-expect-error the request is of another type
  service(IdentityServiceDefinition, { ...handlers, getIdentity: handlers.createIdentity });
  // @ts-expect-error a stream is no single answer
  service(LinkedInSessionServiceDefinition, { ...sessions, watchLoginStatus: sessions.getSession });
  assert.ok(true);
});

/** What handlers get must be what the rules were checked on, whatever a caller makes of the bytes. */
generated('both decoders read mutated requests alike, or they are refused', () => {
  const seed = Number(process.env.FACET_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31));
  const random = seeded(seed);
  const checks = createRequestChecks(image);
  let accepted = 0;
  for (const definition of [IdentityServiceDefinition, LinkedInSessionServiceDefinition, Outreach]) {
    const described = image.getService(definition.fullName)!;
    for (const method of Object.values(definition.methods)) {
      const descriptor = described.methods.find(({ name }) => name === method.name)!;
      const check = checks(descriptor);
      const codec = method.requestType as {
        decode(bytes: Uint8Array): object;
        encode(message: object): { finish(): Uint8Array };
      };
      for (let round = 0; round < 400; round++) {
        const bytes = mutate(Buffer.from(sample(descriptor.input.typeName)), random);
        let checked: Uint8Array;
        try {
          checked = check(bytes);
        } catch (error) {
          assert.instance(error, FacetError, `seed ${seed}: ${error}`);
          assert.ok(
            ['INVALID_INPUT', 'NOT_FOUND'].includes((error as FacetError).reason),
            `seed ${seed}: ${error}`,
          );
          continue;
        }
        accepted++;
        const options = { readUnknownFields: false };
        const byRules = toBinary(descriptor.input, fromBinary(descriptor.input, bytes, options));
        const byHandler = toBinary(
          descriptor.input,
          fromBinary(descriptor.input, codec.encode(codec.decode(checked)).finish(), options),
        );
        assert.equal(
          Buffer.from(byHandler).toString('hex'),
          Buffer.from(byRules).toString('hex'),
          `seed ${seed}`,
        );
      }
    }
  }
  assert.ok(accepted > 300, `only ${accepted} were accepted`);
});

/** A request of each type with something in it. */
function sample(typeName: string): Uint8Array {
  const text = { firstName: 'Ada', lastName: 'Lovelace', role: 'x', jobTitle: 'x' };
  const identity = { id: 'an-id', givenName: 'Ada', tags: ['a', 'b'], countryCode: 'GB' };
  const message = image.getMessage(typeName)!;
  const values: Record<string, unknown> = {
    ...text,
    identityId: 'an-id',
    sessionId: 'sess_1',
    id: 'an-id',
    code: '123456',
    ids: ['a', 'b'],
    identity: message.field.identity?.message?.typeName === 'facet.v1.Identity' ? identity : text,
    updateMask: { paths: ['given_name'] },
    verification: { code: '123456' },
    login: { username: 'ok@x.co', password: 'p' },
  };
  const known = Object.entries(values).filter(([name]) =>
    message.fields.some(({ localName }) => localName === name),
  );
  return toBinary(message, create(message, Object.fromEntries(known) as never));
}

generated('a body and a path parameter of the same message are one message', () => {
  const check = createRequestChecks(image)(
    image.getService('facet.v1.IdentityService')!.method.updateIdentity!,
  );
  const body = UpdateIdentityRequest.encode({
    identity: identityOf({ givenName: 'Ada' }),
    updateMask: ['given_name'],
  }).finish();
  const path = UpdateIdentityRequest.encode({
    identity: identityOf({ id: 'an-id' }),
    updateMask: undefined,
  }).finish();
  const { identity } = UpdateIdentityRequest.decode(check(Buffer.concat([body, path])));
  assert.is(identity?.givenName, 'Ada');
  assert.is(identity?.id, 'an-id');
});

function identityOf(fields: object) {
  const { identity } = CreateIdentityRequest.decode(
    CreateIdentityRequest.encode({ identity: emptyIdentity(), requestId: '' }).finish(),
  );
  return { ...identity!, ...fields };
}

function emptyIdentity() {
  return CreateIdentityRequest.decode(Buffer.from([0x0a, 0])).identity;
}

generated.run();
