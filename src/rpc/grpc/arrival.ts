import { ServerInterceptingCall, type ServerInterceptor, status } from '@grpc/grpc-js';

/**
 * Ends calls whose one request message does not arrive in time: grpc-js would wait for ever, and no other limit
 * knows of a call before it has its message.
 */
export function arrivesWithin(ms: number): ServerInterceptor {
  return ({ requestStream }, call) => {
    if (requestStream) return new ServerInterceptingCall(call);
    const timer = setTimeout(() => {
      call.sendStatus({ code: status.DEADLINE_EXCEEDED, details: '', metadata: null });
    }, ms);
    return new ServerInterceptingCall(call, {
      start(next) {
        next({
          onReceiveHalfClose(go) {
            clearTimeout(timer);
            go();
          },
          onCancel: () => clearTimeout(timer),
        });
      },
    });
  };
}
