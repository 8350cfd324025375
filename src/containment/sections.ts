/** Output of our scripts: parts that begin with a line `== NAME`; text before the first one is dropped. The last part of a name counts. */
export function sections(output: Buffer): ReadonlyMap<string, Buffer> {
  const parts = new Map<string, Buffer>();
  let name: string | undefined;
  let start = 0;
  for (let at = 0; at <= output.length;) {
    const newline = output.indexOf(0x0a, at);
    const end = newline < 0 ? output.length : newline;
    const found = /^== ([a-z0-9-]{1,32})$/.exec(output.toString('latin1', at, Math.min(end, at + 40)))?.[1];
    if (found !== undefined || newline < 0) {
      if (name !== undefined) parts.set(name, output.subarray(start, found === undefined ? end : at));
      name = found;
      start = end + 1;
    }
    if (newline < 0) break;
    at = newline + 1;
  }
  return parts;
}

/** Lines of a part as Latin-1 text, so that any byte is some character. */
export function textLines(part: Buffer | undefined): string[] {
  return (part ?? Buffer.alloc(0))
    .toString('latin1')
    .split('\n')
    .filter((line) => line !== '');
}
