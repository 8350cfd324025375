import { OperationError } from '../output/errors.ts';

/** A node whose kubelet does not answer, as the control plane says of it. */
export class SilentNodeError extends OperationError {
  override readonly name = 'SilentNodeError';
}
