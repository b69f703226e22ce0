import type { Comparison } from './compare.js';
import { REASONS, type Reason } from './peer-request.js';

/** Reasons that change names of headers only. */
const OF_HEADERS: readonly Reason[] = ['headers out', 'plumbing', 'request ids'];

/** What came of a run: a line for each reason, then everything that has none. */
export function reportOf(comparisons: readonly Comparison[], verbose: boolean): string {
  const alike = comparisons.filter(
    ({ reasons, unexplained }) =>
      unexplained.length === 0 && reasons.every((reason) => OF_HEADERS.includes(reason)),
  );
  const lines = [
    `${comparisons.length} requests, ${alike.length} with the same status and body`,
    '',
    'deliberate differences:',
  ];
  for (const [reason, why] of Object.entries(REASONS)) {
    const found = comparisons.filter(({ reasons }) => reasons.includes(reason as Reason));
    if (found.length === 0) continue;
    lines.push(`${String(found.length).padStart(6)}  ${reason}: ${why}`);
    if (verbose)
      lines.push(...found.map(({ contract, request }) => `          ${contract}: ${request.title}`));
  }
  const unlisted = comparisons.filter(({ unexplained }) => unexplained.length > 0);
  lines.push('', `unlisted differences: ${unlisted.length}`);
  for (const { contract, request, unexplained, peer, ours } of unlisted) {
    lines.push(`  ${contract}: ${request.title}   (${request.method} ${request.path.slice(0, 200)})`);
    lines.push(
      `      peer ${peer.status}, ours ${ours.status}`,
      ...unexplained.map((line) => `      ${line}`),
    );
  }
  return lines.join('\n');
}
