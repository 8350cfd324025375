import type { ContainerLogLine } from './container-log.ts';
import { utcText } from './instant.ts';
import { jsonObject, textOf } from './json.ts';
import { type Malformed, lines } from './lines.ts';

/** The lines of docker's json-file driver (moby daemon/logger/jsonfilelog/jsonlog): `{"log":…,"stream":…,"time":…}`. */
export function* parseDockerLog(bytes: Buffer): Generator<ContainerLogLine | Malformed> {
  for (const { bytes: line, offset } of lines(bytes)) {
    const object = jsonObject(line);
    const log = textOf(object?.['log']);
    const stream = textOf(object?.['stream']);
    const time = utcText(textOf(object?.['time']) ?? '');
    if (log === undefined || stream === undefined || time === undefined)
      yield { malformed: 'no line of a docker log', offset };
    else {
      const whole = log.endsWith('\n');
      yield { time, stream, partial: !whole, message: Buffer.from(whole ? log.slice(0, -1) : log) };
    }
  }
}
