import { status as codes, ServerInterceptingCall, type ServerInterceptor } from '@grpc/grpc-js';
import { uuidv7 } from 'uuidv7';
import { FacetError, type Reason } from '../../domain/errors.js';
import { errorStatus } from '../status.js';
import { hasDetails, toGrpcStatus } from './metadata.js';

/**
 * Gives the statuses that grpc-js makes up by itself our form. It calls a bad grpc-timeout or broken compression
 * INTERNAL, but these are the caller's faults.
 */
export const ownWords: ServerInterceptor = (_method, call) => {
  const send = call.sendStatus.bind(call);
  // On the innermost call, since what grpc-js itself sends passes by no interceptor.
  call.sendStatus = (status) => {
    const reason = hasDetails(status) ? undefined : REASONS_BY_CODE.get(status.code);
    send(reason === undefined ? status : toGrpcStatus(errorStatus(new FacetError(reason), uuidv7())));
  };
  return new ServerInterceptingCall(call);
};

const REASONS_BY_CODE = new Map<number | undefined | null, Reason>([
  [codes.INTERNAL, 'INVALID_INPUT'],
  [codes.UNKNOWN, 'INVALID_INPUT'],
  [codes.RESOURCE_EXHAUSTED, 'REQUEST_TOO_LARGE'],
  [codes.DEADLINE_EXCEEDED, 'DEADLINE_EXCEEDED'],
]);
