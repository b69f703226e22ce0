/** The message with one to four small things changed. */
export function mutate(message: Buffer, random: () => number): Buffer {
  const bytes = [...message];
  for (let times = 1 + Math.floor(random() * 4); times > 0; times--) {
    const at = Math.floor(random() * bytes.length);
    const kind = random();
    if (kind < 0.4) bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8));
    else if (kind < 0.6) bytes[at] = Math.floor(random() * 256);
    else if (kind < 0.75) bytes.splice(at, 1 + Math.floor(random() * 4));
    else if (kind < 0.9)
      bytes.splice(
        at,
        0,
        ...Array.from({ length: 1 + Math.floor(random() * 4) }, () => Math.floor(random() * 256)),
      );
    else bytes.splice(at, 0, ...bytes.slice(Math.floor(random() * bytes.length)));
  }
  return Buffer.from(bytes);
}

/** A small generator whose seed is printed when a round fails. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
