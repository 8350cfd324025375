/** Files from which a program starts by itself, or somebody is let in, by their path on the node. */
export const persistenceFiles =
  /^\/(?:etc\/(?:crontab|cron\.[^/]+\/|crontabs\/|rc\.local|rc\.d\/|local\.d\/|profile|profile\.d\/|bash\.bashrc|environment|ld\.so\.preload|udev\/rules\.d\/|pam\.d\/|modules-load\.d\/|systemd\/|kubernetes\/manifests\/)|var\/spool\/(?:cron|at)\/|(?:root|home\/[^/]+)\/\.(?:bashrc|profile|bash_profile|ssh\/))/;

/** Where something stands in a line. */
type Find = (line: string) => number | undefined;

/** Patterns one behind the other, with anything between them. Each is looked for once, so that no line takes long. */
function inOrder(...patterns: readonly RegExp[]): Find {
  return (line) => {
    let first: number | undefined;
    let from = 0;
    for (const pattern of patterns) {
      const match = pattern.exec(line.slice(from));
      if (match === null) return undefined;
      first ??= match.index;
      from += match.index + match[0].length;
    }
    return first;
  };
}

/** The same within one of the parts between separators; `next` is what the part behind it must begin with. */
function within(separator: RegExp, find: Find, next = /^/): Find {
  return (line) => {
    const parts = line.split(separator);
    let at = 0;
    for (const [index, part] of parts.entries()) {
      const found = next.test(parts[index + 1] ?? '') ? find(part) : undefined;
      if (found !== undefined) return at + found;
      at += part.length + 1;
    }
    return undefined;
  };
}

/** The same of the last of several commands. */
function ofLast(find: Find): Find {
  return (line) => {
    const from = line.lastIndexOf(';') + 1;
    const found = find(line.slice(from));
    return found === undefined ? undefined : from + found;
  };
}

const shell = /^\s*(?:sudo\s+)?(?:ba|da|z|a)?sh\b/;
const ofShells = [
  [inOrder(/\/dev\/(?:tcp|udp)\/[^\s/]+\/[0-9]/), 'a connection by the shell itself'],
  [within(/[|;&]/, inOrder(/\b(?:nc|ncat|netcat)\b/, /\s-[a-z]*[ec]\b\s*\S*sh\b/)), 'a shell over netcat'],
  [inOrder(/\bsocat\b/i, /\bexec:/i, /sh\b/i), 'a shell over socat'],
  [within(/\|/, ofLast(inOrder(/\b(?:curl|wget)\b/)), shell), 'a script that is fetched and run'],
  [within(/\|/, inOrder(/\bbase64\b/, /(?:-d|--decode|-D)\b/), shell), 'a script that is unpacked and run'],
  [inOrder(/\bpython[0-9.]*\b/, /\bsocket\b/, /\b(?:dup2|pty\.spawn)\b/), 'a shell over a socket of Python'],
  [inOrder(/\bperl\b/, /\bSocket\b/, /\bexec\b/), 'a shell over a socket of Perl'],
] as const satisfies readonly (readonly [Find, string])[];

/** Shapes of commands that no package leaves behind, each with what it is, the gravest first. */
const shapes: readonly (readonly [Find, string])[] = [
  ...ofShells,
  [inOrder(/\/var\/lib\/kubelet\/pods\/[0-9a-f-]{36}\//), 'a file of a pod'],
  [
    inOrder(/\/(?:snapshots\/[0-9]+\/fs|overlay2?\/[^/\s]+\/(?:merged|upper|diff))\//),
    'a file of a container',
  ],
  [
    inOrder(/(?:^|[\s=;|&"'@])\/(?:dev\/shm|tmp|var\/tmp)\/\.?[^\s/;|&"']+/),
    'a program where anybody may write',
  ],
];

/** Longer texts are cut; so long is one word of a command line at most (execve(2), MAX_ARG_STRLEN). */
const longest = 131_072;
/** What of a line is shown before the place that is meant. */
const shownBefore = 80;

/** True for what of the shapes opens a shell or runs a script. */
export function isShell(what: string): boolean {
  return ofShells.some(([, one]) => one === what);
}

/**
 * What in a text no package would leave behind, the gravest, and the line from there on; undefined when there is nothing. Text of one
 * byte per character. Blanks count once, and a line that ends with a backslash goes on, so that nothing is behind them.
 */
export function shapeOf(text: string): { readonly what: string; readonly line: string } | undefined {
  let gravest = shapes.length;
  let found: { readonly what: string; readonly line: string } | undefined;
  const plain = text
    .slice(0, 16 * longest)
    .replace(/\\\n/g, ' ')
    .replace(/[ \t]{2,}/g, ' ');
  for (const line of plain.slice(0, longest).split('\n')) {
    if (/^\s*#/.test(line)) continue;
    for (const [weight, [find, what]] of shapes.slice(0, gravest).entries()) {
      const at = find(line);
      if (at === undefined) continue;
      gravest = weight;
      found = { what, line: line.slice(Math.max(0, at - shownBefore)) };
      break;
    }
  }
  return found;
}
