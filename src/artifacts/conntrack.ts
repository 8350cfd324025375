import { type Malformed, decimal, lines } from './lines.ts';
import { present } from './present.ts';

/** One direction of a flow. */
export interface Direction {
  readonly source: string;
  readonly destination: string;
  readonly sourcePort?: number;
  readonly destinationPort?: number;
}

/** One flow that the kernel tracks: net/netfilter/nf_conntrack_standalone.c `ct_seq_show`; `conntrack -L -o extended` prints the same. */
export interface TrackedFlow {
  readonly protocol: string;
  /** Seconds until it is forgotten; missing while it is kept on purpose. */
  readonly seconds?: number;
  readonly state?: string;
  /** As the first packet went, and as answers come: they differ where addresses were translated. */
  readonly original: Direction;
  readonly reply: Direction;
  /** Such as ASSURED and UNREPLIED. */
  readonly flags: readonly string[];
  readonly mark?: number;
}

/** Bytes of a line; the kernel's have a quarter of it. */
const longest = 2048;

/** The flows of a file. */
export function* parseConntrack(bytes: Buffer): Generator<TrackedFlow | Malformed> {
  for (const { bytes: line, offset } of lines(bytes))
    yield (line.length <= longest && readFlow(line.toString('latin1'))) || { malformed: 'no flow', offset };
}

function readFlow(line: string): TrackedFlow | undefined {
  const head = /^\s*ipv[46]\s+[0-9]+\s+(\S+)\s+[0-9]+\s+(?:([0-9]+)\s+)?(?:([A-Z_]+)\s+)?(?=src=)/.exec(line);
  if (head === null) return undefined;
  const directions = [...line.matchAll(/src=(\S+) dst=(\S+)(?: sport=([0-9]+) dport=([0-9]+))?/g)].map(
    ([, source = '', destination = '', sourcePort, destinationPort]) => ({
      source,
      destination,
      ...present({ sourcePort: decimal(sourcePort), destinationPort: decimal(destinationPort) }),
    }),
  );
  const [original, reply] = directions;
  if (original === undefined || reply === undefined) return undefined;
  return {
    protocol: head[1] ?? '',
    ...present({ seconds: decimal(head[2]), state: head[3] }),
    original,
    reply,
    flags: [...line.matchAll(/\[([A-Z]+)\]/g)].map(([, flag = '']) => flag),
    ...present({ mark: decimal(/ mark=([0-9]+)/.exec(line)?.[1]) }),
  };
}
