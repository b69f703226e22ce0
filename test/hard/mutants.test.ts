import { availableParallelism } from 'node:os';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CopiedTree, copyTree, type Outcome } from '../fault/copied-tree.js';
import { MUTANTS } from '../fault/mutants.js';

const AT_ONCE = Math.min(4, availableParallelism());
const mutants = suite('planted defects');
const trees: CopiedTree[] = [];

interface Job {
  readonly name: string;
  readonly wanted: Outcome;
  readonly work: (tree: CopiedTree) => Promise<Outcome>;
}

const jobs: readonly Job[] = [
  ...[...new Set(MUTANTS.map(({ caughtBy }) => caughtBy))].map((file) => ({
    name: `${file} passes on sound code`,
    wanted: 'passed' as const,
    work: (tree: CopiedTree) => tree.run(file),
  })),
  ...MUTANTS.map((mutant) => ({
    name: `${mutant.defect}: caught by ${mutant.caughtBy}`,
    wanted: 'failed' as const,
    work: (tree: CopiedTree) => tree.runWith(mutant),
  })),
];
const outcomes = new Map<Job, Promise<Outcome>>();

/** All are begun here, a few at a time and each in a tree of its own; the tests await them one by one. */
mutants.before(() => {
  for (let lane = 0; lane < AT_ONCE; lane++) trees.push(copyTree());
  let idle: Promise<unknown>[] = trees.map(() => Promise.resolve());
  for (const [n, job] of jobs.entries()) {
    const lane = n % AT_ONCE;
    const outcome = idle[lane]!.then(() => job.work(trees[lane]!));
    outcomes.set(job, outcome);
    idle = idle.with(
      lane,
      outcome.catch(() => undefined),
    );
  }
});
mutants.after(() => {
  for (const tree of trees) tree.remove();
});

for (const job of jobs) {
  mutants(job.name, async () => {
    assert.is(await outcomes.get(job), job.wanted);
  });
}

mutants.run();
