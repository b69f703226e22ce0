import type { Registry } from '@bufbuild/protobuf';
import { typeOf } from './any-from-json.js';
import type { MessagePrinters } from './message-to-json.js';
import { hasOwnForm } from './own-form.js';
import { readString } from './scalar-to-json.js';
import type { ContentPrinter } from './well-known-to-json.js';
import {
  deeper,
  MalformedMessage,
  readSpan,
  readTag,
  readVarint32,
  type Source,
  skipField,
} from './wire-reader.js';

/**
 * The printer of google.protobuf.Any. One of a type that is not known, or whose bytes are not of its type,
 * is passed on as `{"@type": url, "value": base64}`.
 */
export function anyPrinter(registry: Registry, printers: MessagePrinters): ContentPrinter {
  return (source, depth) => {
    let url = '';
    let start = source.at;
    let end = source.at;
    while (source.at < source.end) {
      const tag = readTag(source);
      if (tag === 0x0a) url = readString(source);
      else if (tag === 0x12) {
        start = readSpan(source, readVarint32(source));
        end = source.at;
      } else skipField(source, tag);
    }
    if (url === '' && start === end) return '{}';
    const desc = typeOf(url, registry);
    const type = `"@type":${JSON.stringify(url)}`;
    if (desc !== undefined) {
      const inner: Source = { bytes: source.bytes, at: start, end };
      try {
        if (hasOwnForm(desc)) return `{${type},"value":${printers.content(desc)(inner, deeper(depth))}}`;
        const fields = printers.content(desc)(inner, deeper(depth));
        return fields === '{}' ? `{${type}}` : `{${type},${fields.slice(1)}`;
      } catch (error) {
        if (!(error instanceof MalformedMessage)) throw error;
      }
    }
    return `{${type},"value":"${source.bytes.toString('base64', start, end)}"}`;
  };
}
