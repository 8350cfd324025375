import xz from 'xz-decompress';

/** Unpacks an xz stream; undefined when it is damaged, cut, or gives more than `most` bytes. */
export async function unpackXz(packed: Buffer, most: number): Promise<Buffer | undefined> {
  const source = new ReadableStream<Uint8Array>({
    start: (controller) => {
      controller.enqueue(packed);
      controller.close();
    },
  });
  const pieces: Buffer[] = [];
  let size = 0;
  try {
    for await (const piece of new xz.XzReadableStream(source)) {
      size += piece.length;
      if (size > most) return undefined;
      pieces.push(Buffer.from(piece));
    }
  } catch {
    return undefined;
  }
  return Buffer.concat(pieces);
}
