import { OperationError } from '../output/errors.ts';
import { formatSize } from '../output/size.ts';

/** So much may come out of anything, however small it is. */
const free = 1024 * 1024 * 1024;
/** Times its size that an archive may unpack to beyond that; text compresses to a twentieth, zeros to a thousandth and less. */
const most = 1000;

/**
 * Throws OperationError when `packed` bytes of an archive give more than a thousand times as many: such a thing is made to
 * fill disks and hours, not to hold evidence.
 */
export function refuseBomb(name: string, packed: number, unpacked: number): void {
  if (unpacked <= free || unpacked <= packed * most) return;
  throw new OperationError(
    `${name} unpacks to more than ${most} times its size (${formatSize(packed)} gave ${formatSize(unpacked)}); it was read no further`,
    { advice: 'if it is surely no bomb, unpack it, and verify the directory' },
  );
}
