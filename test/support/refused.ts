import { status } from '@grpc/grpc-js';
import * as assert from 'uvu/assert';
import { failureText } from './grpc.js';

/** Expects a gRPC call to fail with this code, and with a part of its details. */
export async function refused(call: Promise<unknown>, code: status, part = ''): Promise<void> {
  try {
    await call;
  } catch (error) {
    assert.is((error as { code: number }).code, code, failureText(error));
    assert.ok(failureText(error).includes(part), failureText(error));
    return;
  }
  assert.unreachable(`should have been refused with ${status[code]}`);
}
