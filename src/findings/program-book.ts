import type { PackageFile } from '../artifacts/package.ts';
import type { Source, Traced } from './finding.ts';
import { linesOfText } from './text.ts';

/** The digest of a program on the disk. */
export interface ProgramDigest {
  readonly algorithm: string;
  /** On the node, one byte per character. */
  readonly path: string;
  readonly digest: string;
}

/** Digests of the programs of a node, and what packages say that they should be. */
export interface ProgramTraces {
  readonly programs: readonly Traced<ProgramDigest>[];
  /** What packages say their files are, of the programs' paths only: by `ALGORITHM PATH`. */
  readonly packageFiles: ReadonlyMap<string, Traced<ReadonlySet<string>>>;
}

/** Programs that are kept. */
const most = 200_000;
const list = /^live_response\/packages\/programs\.(md5|sha1|sha256)$/;

/** Writes down what programs are and what packages say of them; programs come first. */
export class ProgramBook implements ProgramTraces {
  readonly programs: Traced<ProgramDigest>[] = [];
  readonly packageFiles = new Map<string, Traced<Set<string>>>();
  readonly #paths = new Set<string>();

  /** True for a list of digests, as sha256sum(1) writes them. */
  static wants(name: string): boolean {
    return list.test(name);
  }

  /** Takes a list of digests; how many lines of it are none. */
  add(name: string, source: Source, bytes: Buffer): number {
    const algorithm = list.exec(name)?.[1] ?? '';
    let malformed = 0;
    for (const line of linesOfText(bytes)) {
      const match = /^([0-9a-f]{32,64}) [ *](.+)$/s.exec(line);
      if (match?.[1] === undefined || match[2] === undefined) {
        malformed += 1;
        continue;
      }
      const path = `/${match[2].replace(/^\.?\//, '')}`;
      this.#paths.add(path);
      if (this.programs.length < most)
        this.programs.push({ source, value: { algorithm, path, digest: match[1] } });
    }
    return malformed;
  }

  /** Only of programs; a merged /usr has its files under both names. */
  addPackageFile(source: Source, { path, algorithm, digest }: PackageFile): void {
    const text = path.toString('latin1');
    for (const place of [text, `/usr${text}`, text.replace(/^\/usr(?=\/)/, '')]) {
      if (!this.#paths.has(place)) continue;
      const key = `${algorithm} ${place}`;
      const known = this.packageFiles.get(key);
      if (known === undefined) this.packageFiles.set(key, { source, value: new Set([digest]) });
      else known.value.add(digest);
    }
  }
}
