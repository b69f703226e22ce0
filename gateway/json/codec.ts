import type { DescField, DescMessage, Registry } from '@bufbuild/protobuf';
import { createFieldCodec, type FieldCodec } from './field-codec.js';
import { createFindings, refuseIfAny } from './invalid-input.js';
import { createMessageWriters } from './message-from-json.js';
import { createMessagePrinters } from './message-to-json.js';
import type { JsonNode } from './node.js';
import type { JsonOptions } from './options.js';
import { openSource } from './wire-reader.js';
import { openSink, takeBytes } from './wire-writer.js';

export type { FieldCodec } from './field-codec.js';
export { InvalidInput, type Violation } from './invalid-input.js';
export type { JsonOptions } from './options.js';
export { MalformedMessage } from './wire-reader.js';

/** Turns one message type from JSON into protobuf bytes and back. */
export interface MessageCodec {
  /**
   * The bytes of a message from its JSON; undefined, an empty body, is an empty message.
   * @throws InvalidInput with every breach found, the first hundred of them.
   */
  decode(node: JsonNode | undefined): Uint8Array;
  /**
   * The JSON of a message, with every field that grpc-gateway prints.
   * @throws MalformedMessage for bytes that are not the message, or hold what JSON has no form for.
   */
  encode(message: Uint8Array): string;
}

/** The codecs of a registry's messages and fields, compiled when first used. */
export interface Codecs {
  message(desc: DescMessage): MessageCodec;
  field(desc: DescField): FieldCodec;
}

/** Makes the codecs for one way of writing JSON. */
export function createCodecs(registry: Registry, options: JsonOptions): Codecs {
  const writers = createMessageWriters(registry, options);
  const printers = createMessagePrinters(registry, options.names);
  const fields = new Map<DescField, FieldCodec>();
  return {
    message(desc) {
      const write = writers.content(desc);
      const print = printers.content(desc);
      return {
        decode(node) {
          if (node === undefined) return new Uint8Array(0);
          const sink = openSink();
          const findings = createFindings();
          write(node, sink, findings);
          refuseIfAny(findings);
          return takeBytes(sink);
        },
        encode: (message) => print(openSource(message), 0),
      };
    },
    field(desc) {
      let codec = fields.get(desc);
      if (codec === undefined) {
        codec = createFieldCodec(desc, writers, printers);
        fields.set(desc, codec);
      }
      return codec;
    },
  };
}
