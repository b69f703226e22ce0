/** Another document of the tenant holds the claim. */
export class ClaimTakenError extends Error {
  override readonly name = 'ClaimTakenError';
  constructor(
    /** The claim in question; undefined where the holder was gone before it could be named. */
    readonly claim: string | undefined,
    /** The id of the document that holds it, where known. */
    readonly holder: string | undefined,
    options?: ErrorOptions,
  ) {
    super(`claim is taken: ${claim ?? 'unknown'}`, options);
  }
}

/** The engine cannot be reached, or was lost in mid-operation: the outcome of a write is unknown. */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';
}

/** The engine has no room for the write; reads still work. */
export class StoreFullError extends Error {
  override readonly name = 'StoreFullError';
}

/** The file or database is there but is not a usable Facet store. */
export class StoreCorruptError extends Error {
  override readonly name = 'StoreCorruptError';
}
