import { FacetError } from '../domain/errors.js';
import type { Entrance } from './entrance.js';
import type { Limits } from './limits.js';
import { nextRequest, onlyRequest, readMessage, writeMessage } from './message.js';
import type { OngoingCall } from './ongoing-call.js';
import { OK } from './status.js';
import type { CallStatus, StreamReply } from './transport.js';

/**
 * Runs a streaming call. The handler is started at once and asked for its first message; for each later one
 * only when somebody reads. Nothing rejects: failures are in `end`.
 */
export function runStream(
  ongoing: OngoingCall,
  enter: Entrance,
  limits: Limits,
  requests: AsyncIterable<Uint8Array>,
): StreamReply {
  const { method, life } = ongoing;
  const end = settlable<{ status: CallStatus; trailer: [] }>();
  let answers: AsyncIterator<unknown> | undefined;
  const finish = (status: () => CallStatus) => {
    if (end.settled()) return;
    end.settle({ status: status(), trailer: [] });
    ongoing.close();
    // Without waiting: a handler may be stuck, and its clean-up is its own affair.
    answers?.return?.().then(undefined, () => undefined);
  };
  const failed = (error: unknown) => finish(() => ongoing.fail(error));

  const pull = async (): Promise<Uint8Array | undefined> => {
    const step = await life.during(answers!.next());
    return step.done === true ? undefined : writeMessage(method, step.value, limits);
  };
  const first = (async () => {
    await life.during(enter(ongoing));
    answers = startHandler(ongoing, limits, requests)[Symbol.asyncIterator]();
    const message = await pull();
    ongoing.headerSent();
    return message;
  })();
  first.then((message) => message ?? finish(() => OK), failed);
  // The call may end while nobody reads.
  life.signal.addEventListener('abort', () => failed(life.signal.reason), { once: true });

  async function* messages() {
    try {
      for (let message = await first; message !== undefined; message = await pull()) yield message;
      finish(() => OK);
    } catch (error) {
      failed(error);
    } finally {
      // The reader has left; where the call has ended before, this changes nothing.
      life.end(new FacetError('CANCELLED'));
    }
  }
  return {
    header: first.then(
      () => ongoing.header,
      () => ongoing.header.slice(0, 1),
    ),
    messages: messages(),
    end: end.promise,
  };
}

/** The handler's answers, one for a client stream. */
function startHandler(
  ongoing: OngoingCall,
  limits: Limits,
  source: AsyncIterable<Uint8Array>,
): AsyncIterable<unknown> {
  const { method, call } = ongoing;
  if (!method.requestStream) return answersToOne(ongoing, limits, source);
  const answers = method.handler(readRequests(ongoing, limits, source), call);
  return method.responseStream ? (answers as AsyncIterable<unknown>) : once(answers);
}

async function* once(answer: unknown): AsyncGenerator<unknown> {
  yield await answer;
}

async function* answersToOne(
  { method, life, call }: OngoingCall,
  limits: Limits,
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<unknown> {
  // The stream may last, but not the wait for what it is asked.
  const timer = setTimeout(() => life.end(new FacetError('DEADLINE_EXCEEDED')), limits.defaultDeadlineMs);
  const bytes = await life.during(onlyRequest(source)).finally(() => clearTimeout(timer));
  yield* method.handler(readMessage(method, bytes, limits), call) as AsyncIterable<unknown>;
}

/** The requests, each once it has been checked. One that is refused ends the call, whatever the handler does. */
async function* readRequests(
  { method, life }: OngoingCall,
  limits: Limits,
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<unknown> {
  const iterator = source[Symbol.asyncIterator]();
  try {
    for (;;) {
      const step = await life.during(nextRequest(iterator));
      if (step.done === true) return;
      yield readMessage(method, step.value, limits);
    }
  } catch (error) {
    if (error instanceof FacetError) life.end(error);
    throw error;
  } finally {
    iterator.return?.().then(undefined, () => undefined);
  }
}

function settlable<T>(): { promise: Promise<T>; settle(value: T): void; settled(): boolean } {
  let settle!: (value: T) => void;
  let settled = false;
  const promise = new Promise<T>((resolve) => {
    settle = resolve;
  });
  return {
    promise,
    settle: (value) => {
      settled = true;
      settle(value);
    },
    settled: () => settled,
  };
}
