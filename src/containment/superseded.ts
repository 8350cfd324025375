import { OperationError } from '../output/errors.ts';

/** The record is another command's by now, or was removed by one: whoever wrote it before must neither act on nor take back. */
export class SupersededError extends OperationError {
  override readonly name = 'SupersededError';
}
