import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { Report } from 'c8';

/** Shares of what must have been run, in percent: of each place together with what is below it. */
export const LIMITS = [
  { name: 'src and gateway', places: ['src/', 'gateway/'], lines: 92, branches: 85 },
  { name: 'src/contracts', places: ['src/contracts/'], lines: 100 },
  { name: 'src/domain', places: ['src/domain/'], lines: 100 },
];

/** Where processes leave what of their code was run, if they end by themselves; their children do the same. */
export function createRecord() {
  const folder = mkdtempSync(join(tmpdir(), 'facet-coverage-'));
  return {
    env: { NODE_V8_COVERAGE: folder },
    read: (root) => readRecord(folder, root),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Of the sources below `root` that hold any code, what was run: `[{ path, lines, branches, unrun }]`. */
async function readRecord(folder, root) {
  const report = within(root, () =>
    Report({
      tempDirectory: folder,
      include: ['dist/src/**', 'dist/gateway/**'],
      exclude: ['dist/src/gen/**'],
      extension: ['.js'],
      all: true,
      src: [root],
      mergeAsync: true,
    }),
  );
  const map = await report.getCoverageMapFromAllCoverageFiles();
  return map.files().flatMap((file) => {
    const path = relative(root, file);
    if (hasNoCode(join(root, 'dist', path.replace(/\.ts$/, '.js')))) return [];
    const of = map.fileCoverageFor(file);
    const { lines, branches } = of.toSummary().toJSON();
    return [{ path, lines, branches, unrun: of.getUncoveredLines().map(Number) }];
  });
}

/** Makes something in a folder; a report takes its patterns to be of the one that it is made in. */
function within(folder, make) {
  const before = process.cwd();
  process.chdir(folder);
  try {
    return make();
  } finally {
    process.chdir(before);
  }
}

/** Types alone leave an empty module. */
function hasNoCode(compiled) {
  return /^export \{\};\s*(\/\/# sourceMappingURL=.*)?\s*$/.test(readFileSync(compiled, 'utf8'));
}

/** Holds the files against the limits: a line for each of those, and what is missing. */
export function judge(files, limits = LIMITS) {
  return limits.map(({ name, places, ...least }) => {
    const within = files.filter(({ path }) => places.some((place) => path.startsWith(place)));
    const shares = Object.keys(least).map((kind) => ({
      kind,
      share: shareOf(within, kind),
      least: least[kind],
    }));
    const text = shares.map(({ kind, share }) => `${kind} ${share.toFixed(2)} %`).join(', ');
    const short = shares.filter(({ share, least }) => share < least);
    return {
      text: `${name}: ${text}`,
      missed: short.map(({ kind, least }) => `${kind} must be ${least} %`).join(', '),
      unrun: within
        .filter(({ unrun }) => unrun.length > 0)
        .map(({ path, unrun }) => `${path}:${ranges(unrun)}`),
    };
  });
}

function shareOf(files, kind) {
  const total = files.reduce((sum, file) => sum + file[kind].total, 0);
  const covered = files.reduce((sum, file) => sum + file[kind].covered, 0);
  return total === 0 ? 0 : (100 * covered) / total;
}

/** [3, 4, 5, 9] as "3-5,9" */
function ranges(lines) {
  const found = [];
  for (const line of lines) {
    const last = found.at(-1);
    if (last?.to === line - 1) last.to = line;
    else found.push({ from: line, to: line });
  }
  return found.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)).join(',');
}
