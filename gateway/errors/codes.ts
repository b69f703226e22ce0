/** The names of the gRPC codes, by number. */
export const codeNames = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
] as const;

export type CodeName = (typeof codeNames)[number];

/** A gRPC code by its name. */
export const Code = Object.fromEntries(codeNames.map((name, number) => [name, number])) as Record<
  CodeName,
  number
>;

const statuses = [200, 499, 500, 400, 504, 404, 409, 403, 429, 400, 409, 400, 501, 500, 503, 500, 401];

/** The HTTP status of a gRPC code, as google.rpc.Code lists them; 500 for a code of nobody's. */
export function statusOfCode(code: number): number {
  return statuses[code] ?? 500;
}
