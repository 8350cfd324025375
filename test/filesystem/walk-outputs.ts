/** One file for a made-up walk; a link when it has a target. */
export interface MadeFile {
  readonly path: string;
  readonly size?: number;
  /** st_mode in hex; a plain file or link by default. */
  readonly mode?: string;
  readonly uid?: number;
  readonly target?: string;
  /** Seconds since the epoch. */
  readonly modified?: number;
  readonly changed?: number;
  readonly sha256?: string;
  readonly start?: string;
  readonly device?: string;
  readonly links?: number;
  readonly inode?: number;
}

export const token = '@0123456789abcdef01234567';
/** Made-up trees; every path of the container, and of the writable layer, counts as one that the walk asked for. */
export interface MadeTrees {
  readonly upper: readonly MadeFile[];
  readonly image: readonly MadeFile[];
  readonly container: readonly MadeFile[];
  /** Paths that the walk asked for and that are nowhere. */
  readonly more?: readonly string[];
}

/** The sections that diff.sh prints of what the container has. */
export function presentSections(trees: MadeTrees): Map<string, string> {
  const paths = new Set([...trees.container, ...trees.upper].map(({ path }) => path));
  const sections = new Map([['paths', names([...paths, ...(trees.more ?? [])])], ...stats(trees)]);
  for (const side of ['image', 'container'] as const) {
    const files = trees[side].filter(
      (file) => file.target === undefined && (file.mode ?? '81a4').startsWith('8'),
    );
    sections.set(
      `${side}.sha256`,
      files
        .filter(({ sha256 }) => sha256 !== '')
        .map(hash)
        .join(''),
    );
    if (side === 'container')
      sections.set(
        'container.start',
        files.map(({ path, start = '==> ' }) => `==> ${token}${path} <==\n${start}`).join('\n'),
      );
  }
  return sections;
}

/** The sections that diff.sh prints of what only the image has; `deleted` are its paths. */
export function deletedSections(trees: MadeTrees, deleted: readonly string[]): Map<string, string> {
  return new Map([['paths', names([...deleted].sort())], ...stats(trees)]);
}

/** The whole output of diff.sh. */
export function walkText(
  trees: MadeTrees,
  about: { readonly upper?: string; readonly deleted?: readonly string[]; readonly errors?: string } = {},
): string {
  const { upper = '/s/2/fs', deleted = [], errors = '' } = about;
  const batch = (kind: string, sections: ReadonlyMap<string, string>): string =>
    section(`batch ${kind}`) + Array.from(sections, ([name, text]) => section(name) + text).join('');
  return [
    section('upper'),
    upper,
    deleted.length === 0 ? '' : batch('deleted', deletedSections(trees, deleted)),
    batch('present', presentSections(trees)),
    section('errors'),
    errors,
    section('over'),
  ].join('');
}

function section(name: string): string {
  return `${token}>${name}\n`;
}

function names(paths: readonly string[]): string {
  return paths.map((path) => `${token}${path}\0`).join('');
}

function stats(trees: MadeTrees): [string, string][] {
  return (['upper', 'image', 'container'] as const).map((side) => [
    `${side}.stat`,
    trees[side].map(stat).join(''),
  ]);
}

function stat(file: MadeFile): string {
  const { path, size = 0, target, uid = 0, modified = 100, changed = 200 } = file;
  const mode = file.mode ?? (target === undefined ? '81a4' : 'a1ff');
  const named = target === undefined ? `${token}${path}` : `'${token}${path}' -> '${target}'`;
  return `${mode}|${uid}|0|${size}|${file.links ?? 1}|${file.inode ?? 7}|${file.device ?? '0|0'}|${modified}|x.000000000 +0000|${changed}|x.000000000 +0000|${token}${path}${token}|${named}${token}\n`;
}

function hash({ path, size = 0, sha256 = size.toString(16).padStart(64, '0') }: MadeFile): string {
  return `${sha256}  ${token}${path}\n`;
}
