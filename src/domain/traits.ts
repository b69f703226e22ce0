/** What the schema's keywords say of the traits, found when the traits were last written. */
export interface TraitFacts {
  /** Which traits sign in by which credential; values trimmed and in lower case. */
  readonly identifiers: readonly TraitIdentifier[];
  /** Where the identity can be asked to show that an address is its own. */
  readonly verifiable: readonly TraitAddress[];
  /** Where an account can be recovered. */
  readonly recovery: readonly TraitAddress[];
  /** What other contracts read as names; unset parts are left out. */
  readonly names: TraitNames;
}

export interface TraitIdentifier {
  /** As the schema has it: `password`, `webauthn`, `totp` or `code`. */
  readonly credential: string;
  readonly value: string;
}

export interface TraitAddress {
  readonly value: string;
  /** `email`, `sms` or `phone`. */
  readonly via: string;
}

export interface TraitNames {
  readonly givenName?: string;
  readonly middleName?: string;
  readonly familyName?: string;
  readonly displayName?: string;
  readonly jobTitle?: string;
}

/** Of a record without traits. */
export const NO_TRAIT_FACTS: TraitFacts = { identifiers: [], verifiable: [], recovery: [], names: {} };
