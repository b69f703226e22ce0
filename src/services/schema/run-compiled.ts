import { createContext, Script } from 'node:vm';
import type { ErrorObject } from 'ajv';
import type { CompiledSchema } from './compile.js';

/** What little work needs no watch, in schemas times characters; watching takes a tenth of a millisecond. */
const UNWATCHED = 20_000;
/** Milliseconds of one try. A busy machine can use them up, so that there is a second. */
const TRY_MS = 10;
const TRIES = 2;

const room = createContext({ run: undefined as undefined | (() => void) }) as { run?: () => void };
const script = new Script('run()');

/**
 * Runs a compiled schema on a value. Undefined where that takes longer than 20 milliseconds: whatever the schema
 * and the value, nobody else waits for them.
 *
 * @param work what is to be done at most, in schemas times characters
 */
export function runCompiled(
  compiled: CompiledSchema,
  value: unknown,
  work: number,
): readonly ErrorObject[] | undefined {
  if (work <= UNWATCHED) return compiled(value);
  for (let attempt = 0; attempt < TRIES; attempt++) {
    try {
      let errors: readonly ErrorObject[] | undefined;
      room.run = () => {
        errors = compiled(value);
      };
      script.runInContext(room as never, { timeout: TRY_MS });
      return errors;
    } catch (error) {
      if ((error as { code?: string }).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    } finally {
      delete room.run;
    }
  }
  return undefined;
}
