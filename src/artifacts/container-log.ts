import { utcText } from './instant.ts';
import { type Malformed, lines } from './lines.ts';

/** One line of a container's log as the CRI has it: k8s.io/cri-client pkg/logs `parseCRILog`, containerd internal/cri/io/logger.go. */
export interface ContainerLogLine {
  /** RFC 3339 in UTC, nanoseconds as written. */
  readonly time: string;
  readonly stream: string;
  /** True for a piece of a line that the runtime cut; the next piece goes on. */
  readonly partial: boolean;
  readonly message: Buffer;
}

/** The lines of a file: `TIME stdout|stderr P|F MESSAGE`. */
export function* parseContainerLog(bytes: Buffer): Generator<ContainerLogLine | Malformed> {
  for (const { bytes: line, offset } of lines(bytes)) {
    const first = line.indexOf(0x20);
    const second = first < 0 ? -1 : line.indexOf(0x20, first + 1);
    const third = second < 0 ? -1 : line.indexOf(0x20, second + 1);
    const end = third < 0 ? line.length : third;
    const time = first < 0 || first > 40 ? undefined : utcText(line.toString('latin1', 0, first));
    const stream = line.toString('latin1', first + 1, Math.min(second, first + 8));
    const tag = line[second + 1];
    if (
      time === undefined ||
      second < 0 ||
      (stream !== 'stdout' && stream !== 'stderr') ||
      (tag !== 0x46 && tag !== 0x50) ||
      (end !== second + 2 && line[second + 2] !== 0x3a)
    )
      yield { malformed: 'no line of a container log', offset };
    else
      yield { time, stream, partial: tag === 0x50, message: line.subarray(Math.min(end + 1, line.length)) };
  }
}
