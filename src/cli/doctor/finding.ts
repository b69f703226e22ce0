/** What one look came to; `remedy` says what to do, where something is to be done. */
export interface Finding {
  /** What was looked at, in a word or two. */
  readonly about: string;
  readonly state: 'ok' | 'warning' | 'failure';
  readonly text: string;
  readonly remedy?: string;
}

export function ok(about: string, text: string): Finding {
  return { about, state: 'ok', text };
}

export function warning(about: string, text: string, remedy: string): Finding {
  return { about, state: 'warning', text, remedy };
}

export function failure(about: string, text: string, remedy: string): Finding {
  return { about, state: 'failure', text, remedy };
}
