import { inByteOrder } from './payload.ts';

/** Digests that manifests of bags use, strongest first, by Node's names, which are BagIt's too. */
const manifestAlgorithms = ['sha512', 'sha384', 'sha256', 'sha224', 'sha1', 'md5'] as const;

export type ManifestAlgorithm = (typeof manifestAlgorithms)[number];

/** What a tag file's name says: a manifest of the payload or of tag files, and its digest; undefined for any other. */
export function manifestKind(
  name: string,
): { readonly of: 'payload' | 'tags'; readonly algorithm: ManifestAlgorithm | undefined } | undefined {
  const match = /^(tag)?manifest-([^/]+)\.txt$/.exec(name);
  if (match === null) return undefined;
  const algorithm = manifestAlgorithms.find((known) => known === match[2]);
  return { of: match[1] === undefined ? 'payload' : 'tags', algorithm };
}

/** A manifest as read: lower-case hex digest by path, and the lines that can't be used. */
export interface Manifest {
  readonly digests: ReadonlyMap<string, string>;
  /** Paths as they stand in the file where that is not how they read: bags before 1.0 did not encode `%`. */
  readonly literal: ReadonlyMap<string, string>;
  readonly problems: readonly string[];
  /** Lines that say again what one before them said; only since 1.0 is that forbidden. */
  readonly repeated: readonly string[];
}

/**
 * Text of a manifest (RFC 8493, 2.1.3): `hex␠␠path` per line, sorted by the paths' bytes, CR, LF and % percent-encoded.
 */
export function formatManifest(digests: ReadonlyMap<string, string>): string {
  return inByteOrder([...digests], ([path]) => path)
    .map(([path, digest]) => `${digest}  ${encodePath(path)}\n`)
    .join('');
}

/**
 * Reads a manifest made by anyone: upper-case digests, tabs, `*` before the path (md5sum's mark of binary mode), CR LF,
 * lines of comment. `prefix` is what every path must start with: `data/`, or nothing in a tag manifest.
 */
export function parseManifest(text: string, prefix: string): Manifest {
  const digests = new Map<string, string>();
  const literal = new Map<string, string>();
  const problems: string[] = [];
  const repeated: string[] = [];
  for (const [at, line] of text.split(/\r\n|\n|\r/).entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const match = /^([0-9A-Fa-f]+)[ \t]+\*?(.+)$/s.exec(line);
    const digest = match?.[1]?.toLowerCase();
    const written = (match?.[2] ?? '').replace(/^(?:\.\/)+/, '');
    const path = decodePath(written);
    const known = digests.get(path);
    if (digest === undefined) problems.push(`line ${at + 1} is no digest and path`);
    else if (isOutside(path) || !path.startsWith(prefix))
      problems.push(`line ${at + 1} names a path outside: ${path}`);
    else if (known === digest) repeated.push(`line ${at + 1} names a path again: ${path}`);
    else if (known !== undefined) problems.push(`line ${at + 1} names a path again: ${path}`);
    else {
      digests.set(path, digest);
      if (written !== path) literal.set(written, path);
    }
  }
  return { digests, literal, problems, repeated };
}

/** True for a path that could leave the bag: absolute, a drive, a home, or with a `..` segment. */
export function isOutside(path: string): boolean {
  return path === '' || /^[/\\~]|^[A-Za-z]:[/\\]/.test(path) || path.split(/[/\\]/).includes('..');
}

function encodePath(path: string): string {
  return path.replace(
    /[%\r\n]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}

function decodePath(path: string): string {
  return path.replace(/%(25|0[aAdD])/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
