/** The non-empty lines of a streamed answer, up to its end. */
export async function readLines(
  url: string,
  key: string,
  accept: string,
  headers: Record<string, string> = {},
): Promise<string[]> {
  const answer = await fetch(url, {
    headers: { authorization: `Bearer ${key}`, accept, ...headers },
    signal: AbortSignal.timeout(20_000),
  });
  const text = await answer.text();
  return text.split('\n').filter((line) => line !== '');
}
