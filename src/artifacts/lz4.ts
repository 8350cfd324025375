/**
 * Unpacks one block of LZ4 (lz4 doc/lz4_Block_format.md) into at most `size` bytes. Undefined when the block is unsound or
 * gives another length.
 */
export function unpackLz4(block: Buffer, size: number): Buffer | undefined {
  const output = Buffer.allocUnsafe(size);
  let at = 0;
  let written = 0;
  /** A length goes on in further bytes while they are 255. */
  const longer = (length: number): number => {
    let total = length;
    if (length !== 15) return total;
    for (let byte = 255; byte === 255 && at < block.length; at += 1) {
      byte = block[at] ?? 0;
      total += byte;
    }
    return total;
  };
  while (at < block.length) {
    const token = block[at] ?? 0;
    at += 1;
    const literals = longer(token >> 4);
    if (at + literals > block.length || written + literals > size) return undefined;
    block.copy(output, written, at, at + literals);
    at += literals;
    written += literals;
    if (at === block.length) return written === size ? output : undefined;
    if (at + 2 > block.length) return undefined;
    const distance = block.readUInt16LE(at);
    at += 2;
    const length = longer(token & 15) + 4;
    if (distance === 0 || distance > written || written + length > size) return undefined;
    if (distance >= length) output.copy(output, written, written - distance, written - distance + length);
    else
      for (let index = 0; index < length; index += 1)
        output[written + index] = output[written + index - distance] ?? 0;
    written += length;
  }
  return undefined;
}
