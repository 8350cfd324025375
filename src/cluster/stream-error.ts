import { OperationError } from '../output/errors.ts';

/** A stream that ended before the server said how its command ended: what came is not all there was. */
export class StreamError extends OperationError {
  override readonly name = 'StreamError';
  /** Bytes of standard output that were delivered before. */
  readonly bytes: number;

  constructor(message: string, options: { bytes: number; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.bytes = options.bytes;
  }
}
