const plain = /^[A-Za-z0-9_./~+:@%=,-]+$/;
const printable = /^[ -~]*$/;

/** A text as one word of a POSIX shell (XCU 2.2.2): as it is where nothing in it is special, else in single quotes. */
export function quotedWord(text: string): string {
  return plain.test(text) && !text.startsWith('-') && !text.startsWith('~')
    ? text
    : `'${text.replaceAll("'", "'\\''")}'`;
}

/** The same; undefined for what no one can paste unchanged from a terminal: control characters, and all that is not ASCII. */
export function shellWord(text: string): string | undefined {
  return printable.test(text) ? quotedWord(text) : undefined;
}
