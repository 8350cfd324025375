import { OperationError } from '../output/errors.ts';

/** A stream that ended before the server said how its command ended, so that what arrived is incomplete. */
export class StreamError extends OperationError {
  override readonly name = 'StreamError';
  /** Bytes of standard output that were delivered before. */
  readonly bytes: number;

  constructor(message: string, options: { bytes: number; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.bytes = options.bytes;
  }
}
