import type { Answer } from './answer.js';

/** What no two answers have alike, whatever gateway writes them. */
const OF_EVERY_ANSWER = new Set(['serverTime', 'timestamp', 'checked_at']);
const OF_THE_CONNECTION = new Set([
  'date',
  'connection',
  'keep-alive',
  'content-length',
  'transfer-encoding',
  'grpc-metadata-date',
]);
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.(?:\d{3}){1,3})?(?:Z|\+00:00)$/;
const ID = /\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/g;
const TOKEN = /\bfacet_session_[A-Za-z0-9_-]+/g;
const SESSION = /\bsess_[A-Za-z0-9_-]+/g;

/**
 * The answer with placeholders for what differs from one answer to the next.
 *
 * @param apart whether the two sides are about records of their own, whose ids and times differ too
 */
export function withoutVolatile(answer: Answer, apart: boolean): Answer {
  const headers = Object.entries(answer.headers).filter(([name]) => !OF_THE_CONNECTION.has(name));
  return {
    status: answer.status,
    headers: Object.fromEntries(headers.map(([name, value]) => [name, apart ? hideIds(value) : value])),
    body: replace(answer.body, '', apart),
  };
}

function replace(value: unknown, key: string, apart: boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => replace(item, key, apart));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [name, replace(inner, name, apart)]),
    );
  }
  if (typeof value !== 'string') return value;
  if (TIME.test(value) && (apart || OF_EVERY_ANSWER.has(key))) return '<time>';
  return apart ? hideIds(value) : value;
}

function hideIds(text: string): string {
  return text.replace(ID, '(id)').replace(TOKEN, '<token>').replace(SESSION, '<session>');
}
