import { type DestinationStream, type Logger, pino } from 'pino';
import { describeError } from './describe-error.js';
import { readImage } from './image.js';

export interface LogOptions {
  /** A level of pino: debug, info, warn, error, silent. */
  readonly level: string;
  /** The descriptor image: fields that it marks debug_redact are never written. */
  readonly image: Uint8Array;
  readonly destination: DestinationStream;
}

/** How deep in what is logged a name is looked for. */
const DEPTHS = ['', '*.', '*.*.'];

/**
 * The log of the process: one JSON object a line. Values under the name of a field that is marked debug_redact,
 * or of the authorization header, are replaced, and of errors only what describeError gives is written.
 */
export function createLog({ level, image, destination }: LogOptions): Logger {
  const names = ['authorization', ...redactedNames(image)];
  return pino(
    {
      level,
      serializers: { err: (value: unknown) => (value instanceof Error ? describeError(value) : value) },
      redact: { paths: DEPTHS.flatMap((depth) => names.map((name) => depth + name)), censor: '***' },
    },
    destination,
  );
}

function redactedNames(image: Uint8Array): string[] {
  const names = new Set<string>();
  for (const type of readImage(image)) {
    if (type.kind !== 'message') continue;
    for (const { name, jsonName, proto } of type.fields) {
      if (proto.options?.debugRedact) names.add(name).add(jsonName);
    }
  }
  return [...names];
}
