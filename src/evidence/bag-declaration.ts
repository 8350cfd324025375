/** What bagit.txt says. */
export interface BagDeclaration {
  /** Such as `1.0` or `0.97`. */
  readonly version: string;
  /** Encoding of all other tag files, as TextDecoder knows it. */
  readonly encoding: string;
}

/** bagit.txt of the bags that this program makes. */
export const declarationText = 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n';

/**
 * Reads bagit.txt (RFC 8493, 2.1.1): two lines in UTF-8 without a byte order mark, no space before the colon. The
 * answer is a sentence when it breaks these rules.
 */
export function parseDeclaration(bytes: Buffer): BagDeclaration | string {
  if (bytes.subarray(0, 3).toString('hex') === 'efbbbf') return 'starts with a byte order mark';
  const match =
    /^BagIt-Version:[ \t]*(\d+\.\d+)[ \t]*(?:\r\n|\n|\r)Tag-File-Character-Encoding:[ \t]*(\S+)[ \t]*(?:\r\n|\n|\r)?$/.exec(
      bytes.toString('utf8'),
    );
  const [, version, encoding] = match ?? [];
  if (version === undefined || encoding === undefined) return 'is not the two lines that declare a bag';
  if (!/^(0\.9[3-7]|1\.0)$/.test(version)) return `declares BagIt ${version}, which is not known here`;
  return isKnown(encoding)
    ? { version, encoding }
    : `declares the encoding ${encoding}, which is not known here`;
}

function isKnown(encoding: string): boolean {
  try {
    return new TextDecoder(encoding).encoding !== '';
  } catch {
    return false;
  }
}

/** Bytes and files of the payload. */
export interface PayloadOxum {
  readonly bytes: number;
  readonly files: number;
}

/** Text of bag-info.txt from labels in order. */
export function formatBagInfo(labels: readonly (readonly [string, string])[]): string {
  return labels.map(([label, value]) => `${label}: ${value}\n`).join('');
}

/**
 * Payload-Oxum of a bag-info.txt (RFC 8493, 2.2.2), whose lines may be folded; undefined when there is none, a sentence when it
 * can't be read or is there twice.
 */
export function parseOxum(text: string): PayloadOxum | string | undefined {
  const lines = text.replace(/(?:\r\n|\n|\r)[ \t]+/g, ' ');
  const [match, second] = lines.matchAll(/^Payload-Oxum[ \t]*:(.*)$/gim);
  if (match === undefined) return undefined;
  if (second !== undefined) return 'has more than one Payload-Oxum';
  const [, bytes, files] = /^(\d{1,16})\.(\d{1,16})$/.exec(match[1]?.trim() ?? '') ?? [];
  return bytes === undefined
    ? 'has a Payload-Oxum that is not two numbers'
    : { bytes: Number(bytes), files: Number(files) };
}
