import { open } from 'node:fs/promises';
import { StoreCorruptError } from '../errors.js';

/** Offsets and sums from https://www.sqlite.org/walformat.html#the_wal_file_format, all big-endian. */
const HEADER_BYTES = 32;
const SUMMED_BYTES = 24;
/** With words that are summed in little-endian order, and one more for big-endian. */
const MAGIC = 0x377f0682;
const FORMAT = 3_007_000;

/**
 * Refuses a write-ahead log whose head is damaged or another database's: SQLite would pass it over without a word,
 * and with it all that was written last. The head is on the disk before anything follows it, so no crash leaves that.
 */
export async function checkLog(path: string, pageBytes: number): Promise<void> {
  if (await isSound(path, pageBytes)) return;
  throw new StoreCorruptError(
    `${path} is damaged or another database's; restore it with the store, or remove it to go on without what was written last`,
  );
}

async function isSound(path: string, pageBytes: number): Promise<boolean> {
  const header = Buffer.alloc(HEADER_BYTES + 1);
  const file = await open(path, 'r').catch((error) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (file === undefined) return true;
  try {
    // Nothing is lost with a head that nothing follows.
    if ((await file.read(header, 0, header.length, 0)).bytesRead < header.length) return true;
  } finally {
    await file.close();
  }
  const [magic, format, page] = [0, 4, 8].map((at) => header.readUInt32BE(at));
  if ((magic! & ~1) !== MAGIC || format !== FORMAT || page !== pageBytes) return false;
  const [first, second] = sums(header.subarray(0, SUMMED_BYTES), magic === MAGIC);
  return first === header.readUInt32BE(SUMMED_BYTES) && second === header.readUInt32BE(SUMMED_BYTES + 4);
}

function sums(bytes: Buffer, littleEndian: boolean): readonly [number, number] {
  const word = (at: number) => (littleEndian ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  let [first, second] = [0, 0];
  for (let at = 0; at < bytes.length; at += 8) {
    first = (first + word(at) + second) >>> 0;
    second = (second + word(at + 4) + first) >>> 0;
  }
  return [first, second];
}
