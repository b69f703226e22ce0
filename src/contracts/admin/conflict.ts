import { FacetError } from '../../domain/errors.js';

/** Runs a write; that something is taken is told in the words that callers know, naming what collides. */
export async function tellingConflicts<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (!(error instanceof FacetError) || error.reason !== 'ALREADY_EXISTS') throw error;
    const { violations } = error;
    const what = violations.map(({ field, description }) => `${field} ${description}`).join('; ');
    const message = 'This identity conflicts with another identity that already exists';
    throw new FacetError('ALREADY_EXISTS', {
      message: what === '' ? error.message : `${message}: ${what}.`,
      violations,
    });
  }
}
