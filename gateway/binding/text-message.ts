import type { DescMessage } from '@bufbuild/protobuf';
import { writeStruct, writeValue } from '../json/free-form.js';
import type { SecondsAndNanos } from '../json/instant.js';
import { LONGEST_SECONDS, parseSpan, parseTime } from '../json/instant.js';
import { type Fault, type Findings, report } from '../json/invalid-input.js';
import { JsonSyntaxError, parseJson } from '../json/parse.js';
import { isFault } from '../json/scalar-from-json.js';
import { isTimeInRange, isWrapper, writePaths } from '../json/well-known-from-json.js';
import { type Sink, writeInt32, writeVarint32, writeVarint64 } from '../json/wire-writer.js';
import { parseGoDuration } from './go-duration.js';
import { scalarText, type TextRules } from './text-value.js';

/** Writes the content of a message from one text. Its fields are all written, so that they override. */
export type TextMessageWriter = (text: string, sink: Sink, findings: Findings) => void;

const MOST_JSON_DEPTH = 64;

const mustBeTime: Fault = { rule: 'type', description: 'must be an RFC 3339 time' };
const mustBeSpan: Fault = { rule: 'type', description: 'must be a duration' };
const mustBeJson: Fault = { rule: 'type', description: 'must be JSON' };

/** The writer of a message type that one text can stand for, or undefined where none can. */
export function textMessageWriter(desc: DescMessage, rules: TextRules): TextMessageWriter | undefined {
  // In a path Go reads times and durations as JSON does.
  const inPath = rules.place === 'path';
  const jsonForm = rules.strict || inPath;
  switch (desc.typeName) {
    case 'google.protobuf.Timestamp':
      return (text, sink, findings) => {
        const time = parseTime(inPath ? withoutQuotes(text) : text, jsonForm ? 9 : undefined);
        if (time === undefined || !isTimeInRange(time)) report(findings, mustBeTime);
        else writeBoth(time, sink);
      };
    case 'google.protobuf.Duration':
      return (text, sink, findings) => {
        const span = jsonForm ? parseSpan(inPath ? withoutQuotes(text) : text) : parseGoDuration(text);
        if (span === undefined || Math.abs(span.seconds) > LONGEST_SECONDS) report(findings, mustBeSpan);
        else writeBoth(span, sink);
      };
    case 'google.protobuf.FieldMask':
      return (text, sink) => writePaths(text.split(','), sink);
    case 'google.protobuf.Struct':
    case 'google.protobuf.Value':
      return jsonText(desc.typeName === 'google.protobuf.Struct' ? writeStruct : writeValue, rules);
    default:
      return isWrapper(desc) ? wrapperText(desc, rules) : undefined;
  }
}

/** Go takes the quotes of a JSON string for part of a path, and off. */
function withoutQuotes(text: string): string {
  return text.replace(/^"+|"+$/g, '');
}

function jsonText(write: typeof writeValue, rules: TextRules): TextMessageWriter {
  return (text, sink, findings) => {
    try {
      const node = parseJson(Buffer.from(text), { maxDepth: MOST_JSON_DEPTH, trailing: 'refuse' });
      if (node === undefined) report(findings, mustBeJson);
      else write(node, sink, findings, rules);
    } catch (error) {
      if (!(error instanceof JsonSyntaxError)) throw error;
      report(findings, mustBeJson);
    }
  };
}

function wrapperText(desc: DescMessage, rules: TextRules): TextMessageWriter {
  const scalar = desc.fields[0]!.scalar;
  if (scalar === undefined) throw new TypeError(`${desc.typeName} does not wrap a scalar`);
  const { form, read } = scalarText(scalar, rules);
  return (text, sink, findings) => {
    const value = read(text);
    if (isFault(value)) return report(findings, value);
    writeVarint32(sink, 0x08 | form.wireType);
    form.write(sink, value);
  };
}

function writeBoth({ seconds, nanos }: SecondsAndNanos, sink: Sink): void {
  writeVarint32(sink, 0x08);
  writeVarint64(sink, BigInt(seconds));
  writeVarint32(sink, 0x10);
  writeInt32(sink, nanos);
}
