/** Names in a case directory; every path is relative to it and uses `/`. */
export const layout = {
  caseRecord: 'data/case.json',
  custody: 'data/custody.jsonl',
  custodyAfterSeal: 'custody-after-seal.jsonl',
  acquisitions: 'data/acquisitions',
  findings: 'data/findings.jsonl',
  acquisitionRecord: 'acquisition.json',
  items: 'items.jsonl',
  /** Room set aside while an acquisition runs. */
  reserve: '.reserve',
} as const;

/** Directory of the signatures and of the statement that they sign. */
export const signaturePlace = 'signature';

/** Tag files of a sealed case in the order in which `seal` writes them: a case without the last one is not sealed. */
export const tagFiles = [
  'bagit.txt',
  'bag-info.txt',
  'manifest-sha256.txt',
  'manifest-sha512.txt',
  'tagmanifest-sha256.txt',
  'tagmanifest-sha512.txt',
] as const;

/** The last file that `seal` writes. */
export const sealMark = 'tagmanifest-sha512.txt';

/** Time in names: `20261122T041500Z`. */
export function stampOf(time: Date): string {
  return `${time.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
}

/**
 * Part of a file name made from a name of the cluster or a word of the user: letters, digits, `.`, `_` and `-` stay,
 * all else becomes `_`; never empty, never starting with a dot or dash, at most 80 characters.
 */
export function nameWord(text: string): string {
  const word = text
    .replace(/[^A-Za-z0-9._-]+/g, '_')
    .replace(/^[.-]+/, '')
    .slice(0, 80)
    .replace(/\.+$/, '');
  return word === '' ? 'unnamed' : word;
}
