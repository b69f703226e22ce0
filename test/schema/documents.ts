/** A schema document whose traits have these properties. */
export function documentOf(properties: object, more: object = {}): object {
  return { type: 'object', properties: { traits: { type: 'object', properties } }, ...more };
}

/** The mark of an identifier, with the addresses that it can be. */
export function identifier(via?: string): object {
  return {
    'ory.sh/kratos': {
      credentials: { password: { identifier: true } },
      ...(via && { verification: { via }, recovery: { via } }),
    },
  };
}

/** Objects below each other, as many as that. */
export function nested(levels: number): object {
  let inner: object = { type: 'string' };
  for (let level = 0; level < levels; level++) inner = { properties: { a: inner } };
  return inner;
}
