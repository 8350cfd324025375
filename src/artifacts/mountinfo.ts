import type { Malformed } from './lines.ts';
import { decimal, lines } from './lines.ts';

/** One line of /proc/PID/mountinfo: proc_pid_mountinfo(5), fs/proc_namespace.c `show_mountinfo`. */
export interface Mount {
  readonly id: number;
  readonly parent: number;
  /** `major:minor` of the file system. */
  readonly device: string;
  /** Directory of the file system that is mounted here, raw bytes. */
  readonly root: Buffer;
  /** Mount point as the process sees it, raw bytes. */
  readonly point: Buffer;
  readonly options: readonly string[];
  /** `shared:N`, `master:N`, `propagate_from:N`, `unbindable`. */
  readonly propagation: readonly string[];
  readonly type: string;
  readonly source: Buffer;
  /** Options of the file system itself, comma-separated raw text such as `rw,lowerdir=…`. */
  readonly superOptions: Buffer;
}

/** The mounts of one process in the kernel's order. Octal escapes of names are decoded. */
export function* parseMountinfo(bytes: Buffer): Generator<Mount | Malformed> {
  for (const line of lines(bytes)) {
    const words = line.bytes.toString('latin1').split(' ');
    const dash = words.indexOf('-', 6);
    const id = decimal(words[0]);
    const parent = decimal(words[1]);
    const [, , device = '', root, point, options] = words;
    const [type, source, superOptions] = dash < 0 ? [] : words.slice(dash + 1);
    if (
      id === undefined ||
      parent === undefined ||
      !/^[0-9]+:[0-9]+$/.test(device) ||
      root === undefined ||
      point === undefined ||
      options === undefined ||
      type === undefined ||
      source === undefined ||
      superOptions === undefined
    ) {
      yield { malformed: 'no line of a mount table', offset: line.offset };
      continue;
    }
    yield {
      id,
      parent,
      device,
      root: unescapeOctal(root),
      point: unescapeOctal(point),
      options: options.split(','),
      propagation: words.slice(6, dash),
      type,
      source: unescapeOctal(source),
      superOptions: unescapeOctal(superOptions),
    };
  }
}

/** `\NNN` to its byte, as fs/seq_file.c `mangle_path` writes space, tab, newline, backslash and `#`. */
function unescapeOctal(text: string): Buffer {
  return Buffer.from(
    text.replace(/\\([0-3][0-7]{2})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))),
    'latin1',
  );
}
