import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'chai';
import { isMalformed } from '../../src/artifacts/lines.ts';
import type { InetSocket } from '../../src/artifacts/net-inet.ts';
import { JoinedTables } from '../../src/artifacts/joined.ts';
import type { UnixSocket } from '../../src/artifacts/net-unix.ts';

interface Sample {
  readonly pid: number;
  readonly tables: Readonly<Record<string, string>>;
  readonly links: Readonly<Record<string, string>>;
  readonly ss: string;
  readonly lsof: string;
  readonly lsofunix: string;
}

type Inet = InetSocket & { readonly family: string; readonly pids: readonly number[] };
type Unix = UnixSocket & { readonly pids: readonly number[] };

describe('socket tables, ss and lsof', () => {
  let sample: Sample;
  const inet: Inet[] = [];
  const unix: Unix[] = [];

  before(() => {
    const program = join(import.meta.dirname, 'sockets.py');
    sample = JSON.parse(execFileSync('unshare', ['--net', '/usr/bin/python3', program]).toString()) as Sample;
    const tables = new JoinedTables();
    const add = (name: string, text: string): void => tables.add(Buffer.from(name), Buffer.from(text));
    add(
      `[root]/proc/${sample.pid}/stat`,
      `${sample.pid} (python3) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 0 0 0\n`,
    );
    for (const [name, text] of Object.entries(sample.tables)) add(`[root]/proc/net/${name}`, text);
    for (const [fd, target] of Object.entries(sample.links))
      tables.addLink(Buffer.from(`[root]/proc/${sample.pid}/fd/${fd}`), Buffer.from(target));
    for (const socket of tables.sockets()) {
      if (isMalformed(socket)) throw new Error(socket.malformed);
      if ('localAddress' in socket) inet.push(socket);
      else if (socket.family === 'unix') unix.push(socket);
    }
  });

  it('agree with ss on protocol, both ends, state, inode and holder of every internet socket', () => {
    const states: Readonly<Record<string, string>> = { ESTAB: 'ESTABLISHED', UNCONN: 'CLOSE' };
    const theirs = sample.ss
      .split('\n')
      .filter((line) => /^(?:tcp|udp) /.test(line))
      .map((line) => {
        const [protocol = '', state = '', , , local = '', remote = ''] = line.split(/\s+/);
        const six = /\[|\*:[0-9]/.test(local);
        const plain = (end: string): string => end.replace(/^\*:/, '[::]:').replace(/:\*$/, ':0');
        const pid = /pid=([0-9]+)/.exec(line)?.[1];
        const inode = /ino:([0-9]+)/.exec(line)?.[1];
        return [
          `${protocol}${six ? '6' : ''}`,
          plain(local),
          plain(remote),
          states[state] ?? state,
          inode,
          pid,
        ].join(' ');
      });
    const ours = inet.map(
      ({ family, localAddress, localPort, remoteAddress, remotePort, state, inode, pids }) =>
        [family, end(localAddress, localPort), end(remoteAddress, remotePort), state, inode, ...pids].join(
          ' ',
        ),
    );
    expect(ours.sort()).to.deep.equal(theirs.sort());
    expect(ours).to.have.length(14);
  });

  it('agree with ss on kind, inode, path and holder of every unix socket', () => {
    const kinds: Readonly<Record<string, string>> = { stream: 'u_str', dgram: 'u_dgr', seqpacket: 'u_seq' };
    const theirs = sample.ss
      .split('\n')
      .filter((line) => line.startsWith('u_'))
      .map((line) => {
        const [, kind = '', state = '', path = '', inode = ''] =
          /^(\S+) +(\S+) +[0-9]+ +[0-9]+ +(.*?) ([0-9]+) +\* /.exec(line) ?? [];
        return [
          kind,
          state === 'LISTEN',
          path === '*' ? '' : path,
          inode,
          /pid=([0-9]+)/.exec(line)?.[1],
        ].join(' ');
      });
    const ours = unix.map(({ type, listening, path, inode, pids }) =>
      [kinds[type] ?? type, listening, String(path ?? ''), inode, ...pids].join(' '),
    );
    expect(ours.sort()).to.deep.equal(theirs.sort());
    expect(ours).to.have.length(7);
  });

  it('agree with lsof on both ends and state of what the process holds', () => {
    const theirs = fieldsOf(sample.lsof, 't').map((fields) =>
      [fields.get('d'), fields.get('n'), /ST=(\S+)/.exec(fields.get('T') ?? '')?.[1] ?? ''].join(' '),
    );
    const short = (address: string, port: number): string =>
      end(address, port)
        .replace(/^\[::ffff:([0-9.]+)\]/, '$1')
        .replace(/^(?:\[::\]|0\.0\.0\.0):/, '*:');
    const ours = inet
      .filter(({ pids }) => pids.includes(sample.pid))
      .map(({ family, localAddress, localPort, remoteAddress, remotePort, state, inode }) => {
        const local = short(localAddress, localPort);
        const name = remotePort === 0 ? local : `${local}->${short(remoteAddress, remotePort)}`;
        return [inode, name, family.startsWith('tcp') ? state : ''].join(' ');
      });
    expect(ours.sort()).to.deep.equal(theirs.sort());
    // lsof ends a name at its first blank.
    const theirUnix = fieldsOf(sample.lsofunix, 'i').map(
      (fields) => `${fields.get('i') ?? ''} ${fields.get('n') ?? ''}`,
    );
    const ourUnix = unix.map(({ inode, path, type }) => {
      const [name = ''] = String(path ?? '').split(' ');
      return `${inode} ${name}${name === '' ? '' : ' '}type=${type.toUpperCase()}`;
    });
    expect(ourUnix.sort()).to.deep.equal(theirUnix.sort());
  });
});

function end(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** The field sets of `lsof -F`; each begins with the field `first`. */
function fieldsOf(text: string, first: string): Map<string, string>[] {
  const sets: Map<string, string>[] = [];
  for (const line of text.split('\n')) {
    if (line.startsWith(first)) sets.push(new Map());
    const key = line.slice(0, 1);
    if (key !== '' && key !== 'p') {
      const set = sets.at(-1);
      if (set?.has(key) === false) set.set(key, line.slice(1));
    }
  }
  return sets;
}
