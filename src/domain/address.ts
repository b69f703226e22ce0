/** An address that the schema marks in the traits, with what is known of it. Times are RFC 3339. */
export interface AddressRecord {
  /** UUIDv7. */
  readonly id: string;
  readonly value: string;
  /** `email`, `sms` or `phone`. */
  readonly via: string;
  readonly verified: boolean;
  /** `pending`, `sent` or `completed`. */
  readonly status: string;
  readonly verifiedAt: string | null;
  readonly createTime: string;
  readonly updateTime: string;
}
