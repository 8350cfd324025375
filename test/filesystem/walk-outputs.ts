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
}

export const token = '@0123456789abcdef01234567';
const end = `${token}end\n`;

/** The outputs that diff.sh would print for these trees; every listed path counts as one that the walk asked for. */
export function walkOutputs(trees: {
  readonly upper: readonly MadeFile[];
  readonly image: readonly MadeFile[];
  readonly container: readonly MadeFile[];
  /** Names that a side has and that are no entries of it. */
  readonly more?: { readonly image?: readonly string[]; readonly container?: readonly string[] };
}): Map<string, Buffer> {
  const outputs = new Map<string, string>([['walk.errors', '']]);
  for (const side of ['upper', 'image', 'container'] as const)
    outputs.set(`${side}.stat`, trees[side].map(stat).join(''));
  for (const side of ['image', 'container'] as const) {
    const files = trees[side].filter(
      (file) => file.target === undefined && (file.mode ?? '81a4').startsWith('8'),
    );
    const names = [
      ...trees[side].map(({ path }) => path).filter((path) => path !== ''),
      ...(trees.more?.[side] ?? []),
    ];
    outputs.set(`${side}.names`, names.map((path) => `${token}${path}\0`).join(''));
    outputs.set(
      `${side}.sha256`,
      files
        .filter(({ sha256 }) => sha256 !== '')
        .map(hash)
        .join(''),
    );
    if (side === 'container')
      outputs.set(
        'container.start',
        files.map(({ path, start = '==> ' }) => `==> ${token}${path} <==\n${start}`).join('\n'),
      );
  }
  return new Map(
    Array.from(outputs, ([name, text]) => [
      name,
      Buffer.from(name === 'walk.errors' ? text : text + end, 'latin1'),
    ]),
  );
}

function stat(file: MadeFile): string {
  const { path, size = 0, target, uid = 0, modified = 100, changed = 200 } = file;
  const mode = file.mode ?? (target === undefined ? '81a4' : 'a1ff');
  const named = target === undefined ? `${token}${path}` : `'${token}${path}' -> '${target}'`;
  return `${mode}|${uid}|0|${size}|1|${file.device ?? '0|0'}|${modified}|x.000000000 +0000|${changed}|x.000000000 +0000|${token}${path}${token}|${named}${token}\n`;
}

function hash({ path, size = 0, sha256 = size.toString(16).padStart(64, '0') }: MadeFile): string {
  return `${sha256}  ${token}${path}\n`;
}
