import { formatCount } from '../output/count.ts';
import { formatSize } from '../output/size.ts';
import { parseDeclaration, parseOxum, type PayloadOxum } from './bag-declaration.ts';
import { parseFetch } from './fetch-file.ts';
import { layout } from './layout.ts';
import { manifestKind, parseManifest, type Manifest, type ManifestAlgorithm } from './manifest.ts';
import type { Check, Problems } from './verification.ts';

interface LoadedManifest extends Manifest {
  readonly file: string;
  readonly algorithm: ManifestAlgorithm;
  readonly text: string;
  readonly of: 'payload' | 'tags';
  /** Other spellings of paths: in Unicode normal form C, since file systems may change the form of names, and literal. */
  readonly spellings: ReadonlyMap<string, string>;
  /** Paths that were not visited yet. */
  readonly missing: Set<string>;
}

/** Checks a bag (RFC 8493) while its files are visited once. */
export class BagCheck {
  readonly version: string;
  readonly manifests: readonly LoadedManifest[];
  readonly #problems: Problems;
  readonly #isCase: boolean;
  readonly #oxum: PayloadOxum | undefined;
  readonly #fetched: ReadonlySet<string>;
  readonly #info: string;
  readonly #payload: readonly ManifestAlgorithm[];
  readonly #tags: readonly ManifestAlgorithm[];
  #bytes = 0;
  #files = 0;
  /** Files beside the payload that no tag manifest lists, which may be any; a case has its own rules for them. */
  #unlisted = 0;

  /** `texts` are the tag files at the top of the bag, and the record of a case. */
  constructor(texts: ReadonlyMap<string, Buffer>, problems: Problems) {
    this.#problems = problems;
    this.#isCase = texts.has(layout.caseRecord);
    const declaration = parseDeclaration(texts.get('bagit.txt') ?? Buffer.alloc(0));
    if (typeof declaration === 'string') problems.add('bagit.txt', declaration);
    const { version, encoding } =
      typeof declaration === 'string' ? { version: '1.0', encoding: 'utf-8' } : declaration;
    this.version = version;
    const decode = (name: string): string => this.#decode(name, texts.get(name), encoding);
    this.manifests = [...texts.keys()].sort().flatMap((name) => this.#load(name, decode));
    const algorithms = (wanted: string): ManifestAlgorithm[] => [
      ...new Set(this.manifests.filter(({ of }) => of === wanted).map(({ algorithm }) => algorithm)),
    ];
    this.#payload = algorithms('payload');
    this.#tags = algorithms('tags');
    if (this.#payload.length === 0) problems.add('bag', 'has no manifest of its payload');
    this.#info = /^0\.9[3-5]$/.test(version) ? 'package-info.txt' : 'bag-info.txt';
    const oxum = parseOxum(decode(this.#info));
    if (typeof oxum === 'string') problems.add(this.#info, oxum);
    else this.#oxum = oxum;
    const fetch = parseFetch(decode('fetch.txt'));
    for (const problem of fetch.problems) problems.add('fetch.txt', problem);
    this.#fetched = fetch.paths;
  }

  /** Digests that are needed of a file; the same list for all files of the payload, and for all tag files. */
  algorithms(path: string): readonly ManifestAlgorithm[] {
    return path.startsWith('data/') ? this.#payload : this.#tags;
  }

  /** A file of the bag was read to its end; `digests` are hex by algorithm. */
  visited(path: string, size: number, digests: ReadonlyMap<string, string>): void {
    const isPayload = path.startsWith('data/');
    if (isPayload) {
      this.#bytes += size;
      this.#files += 1;
    }
    const manifests = this.manifests.filter(({ of }) => of === (isPayload ? 'payload' : 'tags'));
    const names = manifests.map((manifest) => nameIn(manifest, path));
    for (const [at, { missing }] of manifests.entries()) missing.delete(names[at] ?? '');
    const isListed = names.some((name) => name !== undefined) || manifestKind(path)?.of === 'tags';
    if (!isPayload && !isListed && !this.#isCase) this.#unlisted += 1;
    const changed = manifests.find(
      ({ digests: listed, algorithm }, at) =>
        names[at] !== undefined && listed.get(names[at]) !== digests.get(algorithm),
    );
    const absent = manifests.find((_, at) => names[at] === undefined);
    if (changed !== undefined) this.#problems.add(path, `is changed: it is not what ${changed.file} says`);
    else if (isPayload && names.every((name) => name === undefined))
      this.#problems.add(path, 'is extra: it stands in no manifest');
    else if (isPayload && absent !== undefined && this.version === '1.0')
      this.#problems.add(path, `is missing from ${absent.file}`);
  }

  /** After all files: what is listed but was not there, and the sums. */
  finish(): Check {
    for (const { file, missing } of this.manifests)
      for (const path of missing) this.#problems.add(path, this.#missing(path, file));
    const oxum = this.#oxum;
    if (oxum !== undefined && (oxum.bytes !== this.#bytes || oxum.files !== this.#files))
      this.#problems.add(
        this.#info,
        `says ${formatCount(oxum.bytes, 'byte')} in ${formatCount(oxum.files, 'file')}, there are ${this.#bytes} in ${this.#files}`,
      );
    const algorithms = this.#payload.join(' and ');
    const unlisted = this.#unlisted === 0 ? '' : `; ${this.#unlisted} beside them stand in no tag manifest`;
    return {
      check: 'bag',
      result: this.#problems.count === 0 ? 'ok' : 'failed',
      detail: `BagIt ${this.version}, ${formatCount(this.#files, 'file')}, ${formatSize(this.#bytes)}, ${algorithms || 'no digests'}${unlisted}`,
    };
  }

  #missing(path: string, file: string): string {
    return this.#fetched.has(path)
      ? `is missing: fetch.txt says where it is, and nothing is fetched here`
      : `is missing, it stands in ${file}`;
  }

  #load(name: string, decode: (name: string) => string): LoadedManifest[] {
    const kind = manifestKind(name);
    if (kind === undefined) return [];
    const { of, algorithm } = kind;
    if (algorithm === undefined) {
      this.#problems.add(name, 'uses a digest that is not known here');
      return [];
    }
    const text = decode(name);
    const manifest = parseManifest(text, of === 'payload' ? 'data/' : '');
    const repeated = this.version === '1.0' ? manifest.repeated : [];
    for (const problem of [...manifest.problems, ...repeated]) this.#problems.add(name, problem);
    const { digests, literal } = manifest;
    // In a case `%25` stands for `%` alone; taken as it stands too, a file could be renamed unseen.
    const spellings = new Map(this.#isCase ? [] : literal);
    for (const path of digests.keys()) {
      const normal = path.normalize('NFC');
      if (normal !== path) spellings.set(normal, path);
    }
    return [{ ...manifest, file: name, algorithm, text, of, spellings, missing: new Set(digests.keys()) }];
  }

  #decode(name: string, bytes: Buffer | undefined, encoding: string): string {
    if (bytes === undefined) return '';
    const bigEndian = /^utf-16$/i.test(encoding) && bytes[0] === 0xfe && bytes[1] === 0xff;
    try {
      return new TextDecoder(bigEndian ? 'utf-16be' : encoding, { fatal: true }).decode(bytes);
    } catch {
      this.#problems.add(name, `is not in ${encoding}, which bagit.txt declares`);
      return '';
    }
  }
}

/** The name by which a manifest lists a file; undefined when it does not. */
function nameIn({ digests, spellings }: LoadedManifest, path: string): string | undefined {
  if (digests.has(path)) return path;
  const normal = path.normalize('NFC');
  return digests.has(normal) ? normal : (spellings.get(path) ?? spellings.get(normal));
}
