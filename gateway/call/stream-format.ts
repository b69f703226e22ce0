/** How the messages of a stream are written. */
export interface StreamFormat {
  readonly contentType: string;
  readonly isEventStream: boolean;
  message(json: string, id: string | undefined): string;
  /** An error after the first message. */
  failure(json: string): string;
}

type Formats = Readonly<Record<string, StreamFormat>> & { readonly 'application/json': StreamFormat };

const events: StreamFormat = {
  contentType: 'text/event-stream',
  isEventStream: true,
  message: (json, id) => `${id === undefined ? '' : `id: ${id}\n`}data: ${json}\n\n`,
  failure: (json) => `event: error\ndata: ${json}\n\n`,
};

const formats: Readonly<Record<'bare' | 'wrapped', Formats>> = {
  bare: formatsOf((json) => `${json}\n`),
  wrapped: formatsOf((json) => `{"result":${json}}\n`),
};

function formatsOf(message: (json: string) => string): Formats {
  const lines = { isEventStream: false, message, failure: (json: string) => `{"error":${json}}\n` };
  return {
    'application/json': { ...lines, contentType: 'application/json' },
    'application/x-ndjson': { ...lines, contentType: 'application/x-ndjson' },
    'text/event-stream': events,
  };
}

/**
 * Chooses by the Accept header: the range with the highest weight, then the first; JSON lines where none is known.
 * `messages` says whether a line is the message, or an object that has it.
 */
export function chooseFormat(accept: string | undefined, messages: 'bare' | 'wrapped'): StreamFormat {
  const known = formats[messages];
  let best = known['application/json'];
  let most = 0;
  for (const range of accept?.split(',') ?? []) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const format = Object.hasOwn(known, type) ? known[type] : undefined;
    const weight = Number(parameters.find((part) => part.startsWith('q='))?.slice(2) ?? 1);
    if (format === undefined || !(weight > most)) continue;
    best = format;
    most = weight;
  }
  return best;
}
