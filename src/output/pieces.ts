const pieceLength = 64 * 1024;

/** The same text in fewer pieces of some 64 Ki characters each, because a stream spends more memory on many short writes than on their text. */
export async function* largerPieces(texts: AsyncIterable<string>): AsyncGenerator<string, void> {
  let waiting: string[] = [];
  let length = 0;
  for await (const text of texts) {
    waiting.push(text);
    length += text.length;
    if (length < pieceLength) continue;
    yield waiting.join('');
    waiting = [];
    length = 0;
  }
  if (length > 0) yield waiting.join('');
}
