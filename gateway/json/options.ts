/** How a contract writes JSON. */
export interface JsonOptions {
  /** How answers name their fields, and in strict types the only spelling that is read. */
  readonly names: 'json' | 'proto';
  /**
   * `proto3` reads what protobuf's JSON mapping does: both spellings, numbers in quotes, null for unset.
   * `strict` reads only the contract's spelling, and null only where the field can print null or is a list or map.
   */
  readonly types: 'strict' | 'proto3';
  /** Whether fields that a message does not have are ignored, as grpc-gateway does, or refused. */
  readonly unknownFields: 'ignore' | 'refuse';
}
