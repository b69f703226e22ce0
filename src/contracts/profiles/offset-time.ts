/** A time as the document writes it, "2021-01-01T00:00:00+00:00", from RFC 3339 in UTC. The fraction is cut. */
export function offsetTime(time: string): string {
  return `${time.slice(0, 19)}+00:00`;
}
