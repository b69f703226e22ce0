/** How the messages of a stream are written. */
export interface StreamFormat {
  readonly contentType: string;
  readonly isEventStream: boolean;
  message(json: string, id: string | undefined): string;
  /** An error after the first message. */
  failure(json: string): string;
}

const lines: StreamFormat = {
  contentType: 'application/json',
  isEventStream: false,
  message: (json) => `{"result":${json}}\n`,
  failure: (json) => `{"error":${json}}\n`,
};

const formats: Readonly<Record<string, StreamFormat>> = {
  'application/json': lines,
  'application/x-ndjson': { ...lines, contentType: 'application/x-ndjson' },
  'text/event-stream': {
    contentType: 'text/event-stream',
    isEventStream: true,
    message: (json, id) => `${id === undefined ? '' : `id: ${id}\n`}data: ${json}\n\n`,
    failure: (json) => `event: error\ndata: ${json}\n\n`,
  },
};

/** Chooses by the Accept header: the range with the highest weight, then the first; JSON lines where none is known. */
export function chooseFormat(accept: string | undefined): StreamFormat {
  let best = lines;
  let most = 0;
  for (const range of accept?.split(',') ?? []) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const format = Object.hasOwn(formats, type) ? formats[type] : undefined;
    const weight = Number(parameters.find((part) => part.startsWith('q='))?.slice(2) ?? 1);
    if (format === undefined || !(weight > most)) continue;
    best = format;
    most = weight;
  }
  return best;
}
