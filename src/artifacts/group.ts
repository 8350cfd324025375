import { type Malformed, decimal, lines } from './lines.ts';

/** One line of /etc/group: group(5). Names are raw bytes. */
export interface Group {
  readonly name: Buffer;
  readonly gid: number;
  readonly members: readonly Buffer[];
}

/** The groups of a file. */
export function* parseGroup(bytes: Buffer): Generator<Group | Malformed> {
  for (const { bytes: line, offset } of lines(bytes)) {
    if (line.length === 0 || line[0] === 0x23) continue;
    const [name, , gid, members, ...more] = line.toString('latin1').split(':');
    const number = decimal(gid);
    if (name === undefined || number === undefined || members === undefined || more.length > 0)
      yield { malformed: 'no line of the groups', offset };
    else
      yield {
        name: Buffer.from(name, 'latin1'),
        gid: number,
        members: members
          .split(',')
          .filter(Boolean)
          .map((member) => Buffer.from(member, 'latin1')),
      };
  }
}
