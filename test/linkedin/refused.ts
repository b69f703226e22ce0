import { FacetError, type Reason } from '../../src/domain/errors.js';

/** The reason that the work was refused with; throws where it was not. */
export async function refused(work: Promise<unknown>): Promise<Reason> {
  try {
    await work;
  } catch (error) {
    if (error instanceof FacetError) return error.reason;
    throw error;
  }
  throw new Error('it should have been refused');
}
