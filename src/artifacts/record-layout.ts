import type { ByteOrder } from './byte-order.ts';

/** How records of fixed length lie in a file: it differs between architectures and is written nowhere. */
export interface RecordLayout {
  /** Bytes of one record. */
  readonly bytes: number;
  readonly order: ByteOrder;
}

/**
 * The layout whose records in a piece of a file get more points than those of any other; undefined when none gets any, or two get
 * as many. The piece begins with a record, whatever the layout.
 */
export function clearestLayout<L extends RecordLayout>(
  layouts: readonly L[],
  piece: Buffer,
  points: (record: Buffer, layout: L) => number,
): L | undefined {
  const sums = layouts.map((layout) => {
    let sum = 0;
    for (let at = 0; at + layout.bytes <= piece.length; at += layout.bytes)
      sum += points(piece.subarray(at, at + layout.bytes), layout);
    return sum;
  });
  const most = Math.max(...sums);
  const best = layouts.filter((_, index) => sums[index] === most);
  return most > 0 && best.length === 1 ? best[0] : undefined;
}

/** True when there is nothing but zeroes. */
export function isZero(bytes: Buffer): boolean {
  return bytes.length === 0 || (bytes[0] === 0 && bytes.subarray(1).equals(bytes.subarray(0, -1)));
}
