import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { root } from '../install.mjs';

const tests = join(root, 'dist/test');
const sourceOf = (file) => join(root, relative(join(root, 'dist'), file).replace(/\.js$/, '.ts'));

/** "profiles/list.test.js" */
export const nameOf = (file) => relative(tests, file);

/** Compiled test files whose sources are still there. */
export function testFiles(folder = tests) {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const path = join(folder, name);
      if (statSync(path).isDirectory()) return testFiles(path);
      return name.endsWith('.test.js') && existsSync(sourceOf(path)) ? [path] : [];
    });
}

/** The suites of what callers see over REST. */
const { contracts } = JSON.parse(readFileSync(join(root, 'proto/contracts.json'), 'utf8'));
const OVER_REST = [...Object.keys(contracts), 'views'];
const isOverRest = (file) => OVER_REST.some((part) => nameOf(file).startsWith(`${part}/`));

/** The line by which a file asks for a process of its own, and why. */
const ALONE = /^\/\/ In a process of its own: /m;
/** The line by which a file asks to run while nothing else does and uncounted, since counting slows, and why. */
const BY_ITSELF = /^\/\/ With the machine to itself: /m;
/** The line by which a long test lets others run beside it, and why that does no harm. */
const BESIDE = /^\/\/ Beside others: /m;
const STARTS_PROCESSES = /start-role|run-facet|start\.mjs/;
const MOST_FILES = 8;

/**
 * What runs in a process each: the files of a folder one after another, since starting a process costs more than most
 * suites do, but for those that want to be alone; once more with the gateway apart where it can be. What is likely to
 * take long comes first, so that no worker is left with it at the end.
 */
export function jobsOf(files, { oneEach = false } = {}) {
  const places = new Map();
  for (const file of files) {
    const source = readFileSync(sourceOf(file), 'utf8');
    const place = oneEach || ALONE.test(source) || BY_ITSELF.test(source) ? file : dirname(file);
    const weight = source.length * (STARTS_PROCESSES.test(source) ? 5 : 1);
    const beside = BESIDE.test(source);
    const byItself = BY_ITSELF.test(source);
    places.set(place, [...(places.get(place) ?? []), { file, weight, beside, byItself }]);
  }
  return [...places.values()]
    .flatMap((of) => chunks(of, MOST_FILES))
    .flatMap((of) => (isOverRest(of[0].file) ? [{ of }, { of, way: 'apart' }] : [{ of }]))
    .map(({ of, way }) => ({
      files: of.map(({ file }) => file),
      way,
      weight: sum(of) / (way ? 2 : 1),
      beside: of.every(({ beside }) => beside),
      byItself: of.some(({ byItself }) => byItself),
    }))
    .sort((a, b) => b.weight - a.weight);
}

const sum = (of) => of.reduce((total, { weight }) => total + weight, 0);

function chunks(list, most) {
  const count = Math.ceil(list.length / most);
  return Array.from({ length: count }, (_, at) => list.filter((_, place) => place % count === at));
}
