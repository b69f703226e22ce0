import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../support/root.js';

/** One line of a Dockerfile, continuations joined: its word in capitals, and the rest. */
export interface Instruction {
  readonly word: string;
  readonly rest: string;
}

/** A stage: what it starts from, and what is done. */
export interface Stage {
  readonly from: string;
  readonly name: string | undefined;
  readonly instructions: readonly Instruction[];
}

/** What a COPY line copies, from the checkout or from a stage. */
export interface Copy {
  readonly stage: string | undefined;
  readonly sources: readonly string[];
  readonly target: string;
}

export function readDockerfile(): Stage[] {
  const text = readFileSync(join(root, 'Dockerfile'), 'utf8')
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll('\\\n', '');
  const stages: { from: string; name: string | undefined; instructions: Instruction[] }[] = [];
  for (const line of text.split('\n').filter(Boolean)) {
    const [, word, rest] = /^([A-Z]+) (.*)$/.exec(line)!;
    if (word === 'FROM') {
      const [from, , name] = rest!.split(' ');
      stages.push({ from: from!, name, instructions: [] });
    } else {
      stages.at(-1)!.instructions.push({ word: word!, rest: rest! });
    }
  }
  return stages;
}

export function copies({ instructions }: Stage): Copy[] {
  return instructions
    .filter(({ word }) => word === 'COPY')
    .map(({ rest }) => {
      const words = rest.split(' ');
      const stage = words[0]?.startsWith('--from=') ? words.shift()!.slice('--from='.length) : undefined;
      return { stage, sources: words.slice(0, -1), target: words.at(-1)! };
    });
}
