import { createHash } from 'node:crypto';

type Content = string | Buffer;

/** A bag of the suite: its name there, what the suite says of it, and its files. */
export interface SuiteBag {
  /** `VERSION/CATEGORY/NAME` as in the suite; `own/…` for one that is not from there. */
  readonly name: string;
  readonly files: Readonly<Record<string, Content>>;
  /** Why bagit.py judges otherwise than the suite or RFC 8493; absent where it agrees. */
  readonly stockDiffers?: string;
}

const hello = 'hello\n';
const utf16 = (text: string): Buffer =>
  Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);

function hex(algorithm: string, content: Content): string {
  return createHash(algorithm).update(content).digest('hex');
}

function declaration(version: string, encoding = 'UTF-8'): string {
  return `BagIt-Version: ${version}\nTag-File-Character-Encoding: ${encoding}\n`;
}

/** Lines of a manifest, by the names that it is to have for the files. */
function manifest(
  algorithm: string,
  files: Readonly<Record<string, Content>>,
  spelled = (name: string) => name,
): string {
  return Object.entries(files)
    .map(([name, content]) => `${hex(algorithm, content)}  ${spelled(name)}\n`)
    .join('');
}

/** A bag with a payload, its manifest and, when tag files are given, those and their manifest. */
function bag(
  version: string,
  payload: Readonly<Record<string, Content>>,
  options: { readonly algorithm?: string; readonly tags?: Readonly<Record<string, Content>> } = {},
): Record<string, Content> {
  const { algorithm = 'md5', tags = {} } = options;
  const listed = {
    'bagit.txt': declaration(version),
    [`manifest-${algorithm}.txt`]: manifest(algorithm, payload),
    ...tags,
  };
  return { ...payload, ...listed, [`tagmanifest-${algorithm}.txt`]: manifest(algorithm, listed) };
}

const one = { 'data/hello.txt': hello };
const basic = bag('0.97', one);
const md5 = hex('md5', hello);

/** A 0.97 bag whose manifest has one line more. */
function withLine(line: string): Record<string, Content> {
  return { 'bagit.txt': declaration('0.97'), ...one, 'manifest-md5.txt': `${manifest('md5', one)}${line}\n` };
}

function withFetch(path: string): Record<string, Content> {
  return { ...bag('0.97', one), 'fetch.txt': `http://example.org/foo 5 ${path}\n` };
}

const oldBags = ['0.93', '0.94', '0.95'].map((version): SuiteBag => ({
  name: `v${version}/valid/duplicate-metadata-entries`,
  files: bag(version, one, {
    tags: { 'package-info.txt': 'Contact-Name: a\nContact-Name: b\nPayload-Oxum: 6.1\n' },
  }),
}));

const digests = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'].map((algorithm): SuiteBag => ({
  name: `v0.97/valid/basic-bag-${algorithm}`,
  files: bag('0.97', one, { algorithm, tags: { 'bag-info.txt': 'Payload-Oxum: 6.1\n' } }),
}));

const outside: readonly (readonly [word: string, path: string])[] = [
  ['dot-notation', '../../../README.md'],
  ['absolute-path', '/tmp/foo'],
  ['shortcut', '~/foo'],
  ['shortcut-username', '~root/foo'],
];

const outOfScope = outside.flatMap(([word, path]): SuiteBag[] => {
  const place = word === 'dot-notation' ? 'invalid' : 'linux-only';
  const name = `v0.97/${place}/out-of-scope-file-paths-using-${word}`;
  return [
    { name, files: withLine(`${md5}  ${path}`) },
    { name: `${name}-for-fetch`, files: withFetch(path) },
  ];
});

const nfc = 'data/N\u00fa\u00f1ez';
const nfd = 'data/Nu\u0301n\u0303ez';

/**
 * The cases of the Library of Congress' bagit-conformance-suite for Linux (public domain), made anew from its names, its
 * files and what its users say of them; the suite itself is no package. `warning` bags may be called either way by the
 * suite. Those named `own/valid` and `own/invalid` are bad input beyond it.
 */
export const suite: readonly SuiteBag[] = [
  ...oldBags,
  { name: 'v0.95/valid/basic-bag', files: bag('0.95', one) },
  {
    name: 'v0.96/valid/duplicate-metadata-entries',
    files: bag('0.96', one, { tags: { 'bag-info.txt': 'A: a\nA: b\n' } }),
  },
  ...digests,
  {
    name: 'v0.97/valid/minimal-bag',
    files: { 'bagit.txt': declaration('0.97'), 'manifest-md5.txt': '', 'data/': '' },
  },
  {
    name: 'v0.97/valid/uncommon-metadata-separators',
    files: bag('0.97', one, {
      tags: { 'bag-info.txt': 'Contact-Name :\ta\r\nPayload-Oxum\t:  6.1\r\nNote:b\n  folded\n' },
    }),
  },
  {
    name: 'v0.97/valid/duplicate-metadata-entries',
    files: bag('0.97', one, { tags: { 'bag-info.txt': 'A: a\nA: b\n' } }),
  },
  {
    name: 'v0.97/valid/bag-with-escapable-characters',
    files: bag('0.97', { "data/it's $1 & [more] (é);#.txt": hello, 'data/a*b?.txt': hello }),
  },
  {
    name: 'v0.97/valid/bag-with-encoded-names',
    files: bag('0.97', { 'data/test%20file.txt': hello, 'data/100%25.txt': hello }),
  },
  { name: 'v0.97/valid/bag-with-space', files: bag('0.97', { 'data/a file  with spaces.txt': hello }) },
  {
    name: 'v0.97/valid/bag-with-leading-dot-slash-in-manifest',
    files: {
      'bagit.txt': declaration('0.97'),
      ...one,
      'manifest-md5.txt': manifest('md5', one, (name) => `./${name}`),
    },
  },
  {
    name: 'v0.97/valid/bag-in-a-bag',
    files: bag(
      '0.97',
      Object.fromEntries(Object.entries(basic).map(([name, text]) => [`data/inner/${name}`, text])),
    ),
  },
  {
    name: 'v0.97/valid/UTF-16-encoded-tag-files',
    files: {
      'bagit.txt': declaration('0.97', 'UTF-16'),
      ...one,
      'bag-info.txt': utf16('Payload-Oxum: 6.1\n'),
      'manifest-md5.txt': utf16(manifest('md5', one)),
    },
  },
  {
    name: 'v0.97/valid/ISO-8859-1-encoded-tag-files',
    files: {
      'bagit.txt': declaration('0.97', 'ISO-8859-1'),
      [nfc]: hello,
      'bag-info.txt': Buffer.from('Contact-Name: N\u00fa\u00f1ez\n', 'latin1'),
      'manifest-md5.txt': Buffer.from(manifest('md5', { [nfc]: hello }), 'latin1'),
    },
  },
  { name: 'v0.97/valid/holey-bag', files: withFetch('data/hello.txt') },
  {
    name: 'v0.97/valid/local-fetch',
    files: { ...bag('0.97', one), 'fetch.txt': 'file:///srv/a.png 42000 a.png\n' },
  },
  { name: 'v0.97/invalid/missing-bagit.txt', files: { ...one, 'manifest-md5.txt': manifest('md5', one) } },
  {
    name: 'v0.97/invalid/baginfo-missing-encoding',
    files: { ...basic, 'bagit.txt': 'BagIt-Version: 0.97\n', 'tagmanifest-md5.txt': '' },
  },
  {
    name: 'v0.97/invalid/bom-in-bagit.txt',
    files: { ...bag('0.97', one), 'tagmanifest-md5.txt': '', 'bagit.txt': `\ufeff${declaration('0.97')}` },
  },
  {
    name: 'v0.97/invalid/invalid-version-number',
    files: { ...basic, 'bagit.txt': declaration('.97'), 'tagmanifest-md5.txt': '' },
  },
  {
    name: 'v0.97/invalid/bagit-with-invalid-whitespace',
    files: {
      ...one,
      'manifest-md5.txt': manifest('md5', one),
      'bagit.txt': declaration('0.97').replace('Version:', 'Version :'),
    },
    stockDiffers: 'bagit.py strips the space before the colon',
  },
  { name: 'v0.97/invalid/corrupt-data-file', files: { ...basic, 'data/hello.txt': 'hallo\n' } },
  {
    name: 'v0.97/invalid/corrupt-tag-file',
    files: { ...bag('0.97', one, { tags: { 'bag-info.txt': 'A: a\n' } }), 'bag-info.txt': 'A: b\n' },
  },
  { name: 'v0.97/invalid/extra-file-in-bag', files: { ...basic, 'data/bar': 'x' } },
  {
    name: 'v0.97/invalid/missing-baginfo',
    files: { ...basic, 'tagmanifest-md5.txt': `${md5}  bag-info.txt\n` },
  },
  {
    name: 'v0.97/invalid/same-filename-listed-twice-with-different-hashes',
    files: withLine(`${hex('md5', 'x')}  data/hello.txt`),
  },
  ...outOfScope,
  {
    name: 'v0.97/warning/same-filename-listed-twice-with-the-same-hash',
    files: withLine(`${md5}  data/hello.txt`),
  },
  {
    name: 'v0.97/warning/made-with-md5sum-tools',
    files: { 'bagit.txt': declaration('0.97'), ...one, 'manifest-md5.txt': `${md5} *data/hello.txt\n` },
  },
  {
    name: 'v0.97/warning/duplicate-file-with-different-case',
    files: bag('0.97', { 'data/hello.txt': hello, 'data/HELLO.txt': hello }),
  },
  {
    name: 'v0.97/warning/special-system-files',
    files: bag('0.97', { 'data/.DS_Store': 'x', 'data/Thumbs.db': 'x', 'data/hello.txt': hello }),
  },
  {
    name: 'v0.97/warning/relative-path',
    files: { 'bagit.txt': declaration('0.97'), ...one, 'manifest-md5.txt': `${md5}  ././data/hello.txt\n` },
  },
  {
    name: 'v0.97/warning/filename-normalization',
    files: {
      'bagit.txt': declaration('0.97'),
      [nfd]: hello,
      'manifest-md5.txt': manifest('md5', { [nfc]: hello }),
    },
  },
  {
    name: 'v0.97/warning/same-filename-listed-twice-with-different-normalization',
    files: {
      'bagit.txt': declaration('0.97'),
      [nfc]: hello,
      'manifest-md5.txt': manifest('md5', { [nfc]: hello, [nfd]: hello }),
    },
  },
  {
    name: 'v1.0/valid/basicBag',
    files: bag('1.0', one, { algorithm: 'sha512', tags: { 'bag-info.txt': 'Payload-Oxum: 6.1\n' } }),
  },
  {
    name: 'v1.0/invalid/bagit-with-invalid-whitespace',
    files: {
      ...one,
      'manifest-sha512.txt': manifest('sha512', one),
      'bagit.txt': declaration('1.0').replace('Version:', 'Version :'),
    },
    stockDiffers: 'bagit.py strips the space before the colon',
  },
  {
    name: 'v1.0/invalid/same-filename-listed-twice-with-different-hashes',
    files: {
      ...bag('1.0', one),
      'tagmanifest-md5.txt': '',
      'manifest-md5.txt': `${manifest('md5', one)}${hex('md5', 'x')}  data/hello.txt\n`,
    },
  },
  {
    name: 'v1.0/invalid/missing-from-manifest',
    files: { ...bag('1.0', one, { algorithm: 'sha512' }), 'data/missingFromManifest.txt': 'x' },
  },
  {
    name: 'own/invalid/same-filename-listed-twice-with-the-same-hash',
    files: { ...withLine(`${md5}  data/hello.txt`), 'bagit.txt': declaration('1.0') },
  },
  {
    name: 'own/invalid/in-one-manifest-of-two',
    files: {
      'bagit.txt': declaration('1.0'),
      ...one,
      'manifest-md5.txt': manifest('md5', one),
      'manifest-sha1.txt': '',
    },
    stockDiffers: 'bagit.py takes a file that stands in one manifest; RFC 8493, 2.1.3, wants it in every one',
  },
  {
    name: 'own/valid/in-one-manifest-of-two-before-1.0',
    files: {
      'bagit.txt': declaration('0.97'),
      ...one,
      'manifest-md5.txt': manifest('md5', one),
      'manifest-sha1.txt': '',
    },
  },
  { name: 'own/invalid/no-manifest', files: { 'bagit.txt': declaration('1.0'), ...one } },
  {
    name: 'own/invalid/no-payload-directory',
    files: { 'bagit.txt': declaration('1.0'), 'manifest-md5.txt': '' },
  },
  {
    name: 'own/invalid/manifest-name-in-wrong-case',
    files: { 'bagit.txt': declaration('1.0'), ...one, 'Manifest-MD5.txt': manifest('md5', one) },
  },
  {
    name: 'own/invalid/digest-name-in-wrong-case',
    files: { 'bagit.txt': declaration('1.0'), ...one, 'manifest-MD5.txt': manifest('md5', one) },
  },
  {
    name: 'own/invalid/unknown-digest',
    files: { 'bagit.txt': declaration('1.0'), ...one, 'manifest-crc32.txt': 'c0ffee00  data/hello.txt\n' },
  },
  {
    name: 'own/invalid/missing-file',
    files: withLine(`${md5}  data/gone`),
  },
  {
    name: 'own/invalid/holey-bag-with-a-hole',
    files: { ...withLine(`${md5}  data/gone`), 'fetch.txt': 'http://example.org/gone 6 data/gone\n' },
  },
  {
    name: 'own/invalid/fetch-without-an-address',
    files: { ...basic, 'fetch.txt': 'nowhere 6 data/hello.txt\n' },
  },
  {
    name: 'own/invalid/wrong-Payload-Oxum',
    files: {
      'bagit.txt': declaration('1.0'),
      ...one,
      'manifest-md5.txt': manifest('md5', one),
      'bag-info.txt': 'Payload-Oxum: 7.1\n',
    },
  },
  {
    name: 'own/invalid/unknown-version',
    files: { 'bagit.txt': declaration('2.0'), ...one, 'manifest-md5.txt': manifest('md5', one) },
  },
  {
    name: 'own/invalid/unknown-encoding',
    files: { 'bagit.txt': declaration('1.0', 'Klingon'), ...one, 'manifest-md5.txt': manifest('md5', one) },
  },
  {
    name: 'own/valid/CRLF-in-a-manifest',
    files: {
      'bagit.txt': declaration('1.0').replaceAll('\n', '\r\n'),
      ...one,
      'manifest-md5.txt': `${md5}  data/hello.txt\r\n`,
    },
  },
  {
    name: 'own/valid/upper-case-digest',
    files: {
      'bagit.txt': declaration('1.0'),
      ...one,
      'manifest-md5.txt': `${md5.toUpperCase()}  data/hello.txt\n`,
    },
  },
  {
    name: 'own/valid/percent-encoded-line-break',
    files: {
      'bagit.txt': declaration('1.0'),
      'data/a\nb': hello,
      'manifest-md5.txt': `${md5}  data/a%0Ab\n`,
    },
  },
  {
    name: 'own/valid/percent-not-encoded',
    files: {
      'bagit.txt': declaration('1.0'),
      'data/a%25b': hello,
      'manifest-md5.txt': `${md5}  data/a%25b\n`,
    },
  },
  {
    name: 'own/valid/percent-encoded-percent',
    files: { 'bagit.txt': declaration('1.0'), 'data/a%b': hello, 'manifest-md5.txt': `${md5}  data/a%25b\n` },
    stockDiffers: 'bagit.py decodes line breaks only; RFC 8493, 2.1.3, has % encoded too',
  },
  {
    name: 'own/valid/comment-in-a-manifest',
    files: {
      'bagit.txt': declaration('1.0'),
      ...one,
      'manifest-md5.txt': `# made by hand\n${manifest('md5', one)}`,
    },
  },
];
