/** What is written down of a connector's error: never its text, which may carry what the connector was given. */
export function kindOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
