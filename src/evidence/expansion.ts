import { OperationError } from '../output/errors.ts';
import { formatSize } from '../output/size.ts';

/** So much may come out of anything, however small it is. */
const free = 1024 * 1024 * 1024;
/** Times its size that an archive may unpack to beyond that; text compresses to a twentieth, zeros to a thousandth and less. */
const most = 1000;

/**
 * One packed log unpacks to no more: of one that is not packed no more is taken either, unless it is asked for. gzip makes a
 * thousandth of zeros at best, so that a bound by its size alone never holds.
 */
export const mostOfLog = 4 * 1024 * 1024 * 1024;

/**
 * Throws OperationError when `packed` bytes of an archive give more than a thousand times as many: such a thing is made to
 * fill disks and hours, not to hold evidence. So it does behind `bound` bytes, whatever they came from.
 */
export function refuseBomb(name: string, packed: number, unpacked: number, bound = Infinity): void {
  if (unpacked > bound)
    throw new OperationError(`${name} unpacks to more than ${formatSize(bound)}; it was read no further`, {
      advice: 'unpack it yourself where there is room for it',
    });
  if (unpacked <= free || unpacked <= packed * most) return;
  throw new OperationError(
    `${name} unpacks to more than ${most} times its size (${formatSize(packed)} gave ${formatSize(unpacked)}); it was read no further`,
    { advice: 'if it is surely no bomb, unpack it, and verify the directory' },
  );
}
