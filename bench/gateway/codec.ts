// Times the conversion of a message of fifteen fields from JSON to protobuf and back, in a process of its own.
import { createCodecs } from '../../gateway/json/codec.js';
import { parseJson } from '../../gateway/json/parse.js';
import { FIFTEEN_JSON, fifteenFields } from './fifteen-fields.js';
import { median } from './measure.js';

/** Microseconds of processor time that one conversion takes: what else the machine does counts less so. */
export interface CodecTimes {
  readonly decode: number;
  readonly encode: number;
}

const WARM_UP = 20_000;
const BATCHES = 21;
const BATCH = 2_000;

function time(run: () => unknown): number {
  for (let i = 0; i < WARM_UP; i++) run();
  const batches = Array.from({ length: BATCHES }, () => {
    const before = process.cpuUsage();
    for (let i = 0; i < BATCH; i++) run();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / BATCH;
  });
  return median(batches);
}

const registry = fifteenFields();
const codecs = createCodecs(registry, { names: 'json', types: 'proto3', unknownFields: 'ignore' });
const codec = codecs.message(registry.getMessage('bench.Fifteen')!);
const json = Buffer.from(FIFTEEN_JSON);
const decode = () => codec.decode(parseJson(json, { maxDepth: 64, trailing: 'refuse' }));
const message = decode();
const result: CodecTimes = { decode: time(decode), encode: time(() => codec.encode(message)) };
process.send!({ result });
