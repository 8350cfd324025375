import { archiveFormats, type ArchiveFormat } from '../evidence/archive-file.ts';
import { packCase } from '../evidence/archive.ts';
import { UsageError } from '../output/errors.ts';
import { type Io, writeLine } from '../output/io.ts';
import { createProgress, type Progress } from '../output/progress.ts';
import { formatSize } from '../output/size.ts';
import { defineCommand } from './command.ts';

interface Plan {
  readonly dir: string;
  readonly output: string | undefined;
  readonly format: ArchiveFormat;
}

/** Shortest time between two reports of how far it is. */
const reportEveryMs = 200;

/** `kubectl ir archive CASE`: seals a case and packs it. Prints sha256 and path as sha256sum does. */
export const command = defineCommand({
  flags: {
    output: {
      type: 'string',
      short: 'o',
      summary: 'archive to write (default CASE.FORMAT)',
      placeholder: 'FILE',
    },
    format: { type: 'string', summary: 'kind of archive', choices: archiveFormats, placeholder: 'FORMAT' },
  },
  afterInterrupt: 'the case is whole and no half archive has its name; run it again',
  complete: (words, flags, { io }): Plan => {
    const [dir = io.env['KUBECTL_IR_CASE'], ...more] = words;
    if (dir === undefined || dir === '' || more.length > 0)
      throw new UsageError('archive takes one case directory: kubectl ir archive CASE');
    if (flags.output === '') throw new UsageError('-o needs the name of a file');
    return { dir, output: flags.output, format: chooseFormat(flags.format, flags.output) };
  },
  run: async ({ dir, output, format }, { io, signal }) => {
    const progress = createProgress(io);
    const started = io.monotonic();
    const packed = await packCase(io, dir, {
      format,
      signal,
      progress: reporter(io, progress),
      ...(output === undefined ? {} : { output }),
    });
    const detail = `${packed.files} files, ${formatSize(packed.size)}, sealed ${packed.sealed}`;
    await progress.step('archive', detail, io.monotonic() - started);
    if (packed.sensitive > 0)
      await progress.warn(`the archive holds ${packed.sensitive} items with credentials; keep it closed`);
    await writeLine(io.stdout, `${packed.sha256}  ${packed.path}`);
    return 0;
  },
});

/** Without `--format` the ending of the file decides, else it is tar.gz. */
function chooseFormat(asked: string | undefined, output: string | undefined): ArchiveFormat {
  const ending = archiveFormats.find((format) => output?.endsWith(`.${format}`));
  return archiveFormats.find((format) => format === asked) ?? ending ?? 'tar.gz';
}

function reporter(io: Io, progress: Progress): (done: number, total: number) => void {
  const started = io.monotonic();
  let last = started;
  return (done, total) => {
    const now = io.monotonic();
    if (now - last < reportEveryMs) return;
    last = now;
    const left = (((now - started) / done) * (total - done)) / 1000;
    const rate = formatSize((done * 1000) / (now - started));
    const text = `${formatSize(done)} of ${formatSize(total)}, ${rate}/s, ${left.toFixed(0)}s left`;
    progress.running('archive', text).catch(() => undefined);
  };
}
