import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { parseAudit } from '../../src/artifacts/audit.ts';
import { isMalformed } from '../../src/artifacts/lines.ts';
import { unpackedPackages } from '../support/unpacked.ts';

/** Records as the kernel and auditd write them, of several events. */
function trail(): string {
  const hex = (text: string): string => Buffer.from(text).toString('hex').toUpperCase();
  return Array.from({ length: 60 }, (_, index) => {
    const stamp = `msg=audit(${1_763_000_000 + index}.${String(index).padStart(3, '0')}:${5000 + index})`;
    return [
      `type=SYSCALL ${stamp}: arch=c000003e syscall=59 success=yes exit=0 a0=55d0 a1=55d1 a2=55d2 a3=8 items=2 ppid=${index} pid=${4000 + index} auid=0 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=${index} comm=${hex('a b')} exe="/usr/bin/cat" key="watch"`,
      `type=EXECVE ${stamp}: argc=3 a0="cat" a1=${hex(`/tmp/with blank ${index}`)} a2="plain"`,
      `type=CWD ${stamp}: cwd="/root"`,
      `type=PATH ${stamp}: item=0 name=${hex(`/tmp/ü ${index}`)} inode=${index} dev=fe:00 mode=0100755 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0`,
      `type=PROCTITLE ${stamp}: proctitle=${hex(`cat\u0000/tmp/${index}`)}`,
      '',
    ].join('\n');
  }).join('');
}

describe('audit trails and ausearch', function () {
  this.timeout(180_000);

  it('agree on every event and on every value that the kernel encoded', async () => {
    const { directory, libraries } = await unpackedPackages('auditd');
    const dir = mkdtempSync(join(tmpdir(), 'reference-'));
    try {
      const file = join(dir, 'audit.log');
      writeFileSync(file, trail());
      const env = { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8', TZ: 'UTC', LD_LIBRARY_PATH: libraries };
      const printed = execFileSync(join(directory, 'sbin/ausearch'), ['-if', file, '-i'], {
        env,
        stdio: ['ignore', 'pipe', 'ignore'],
        maxBuffer: 1 << 26,
      }).toString();
      const theirs = printed
        .split('\n')
        .filter((line) => line.startsWith('type='))
        .map((line) => {
          const [, type = '', millis = '', serial = '', rest = ''] =
            /^type=(\S+) msg=audit\(\S+ [0-9:]+\.([0-9]+):([0-9]+)\) : (.*)$/.exec(line) ?? [];
          return [type, millis, serial, told(type, (name) => valueOf(rest, name))].join(' | ');
        });
      const ours = [...parseAudit(Buffer.from(trail()))].map((one) => {
        if (isMalformed(one)) throw new Error(one.malformed);
        const value = (name: string): string => String(one.fields.get(name) ?? '').replaceAll('\u0000', ' ');
        return [one.type, one.time.slice(-4, -1), one.serial, told(one.type, value)].join(' | ');
      });
      expect(ours).to.have.length(300);
      expect(ours.sort()).to.deep.equal(theirs.sort());
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
});

/** What of a record is compared: what stands behind these names at its end, or is one word. */
function told(type: string, value: (name: string) => string): string {
  const names: Readonly<Record<string, readonly string[]>> = {
    SYSCALL: ['pid', 'ppid', 'ses', 'comm', 'exe', 'key'],
    EXECVE: ['argc', 'a0', 'a1', 'a2'],
    CWD: ['cwd'],
    PATH: ['item', 'name', 'inode', 'dev', 'nametype'],
    PROCTITLE: ['proctitle'],
  };
  return (names[type] ?? []).map((name) => `${name}=${value(name)}`).join(' ');
}

/** A value of ausearch's own text: up to the next name, as it quotes nothing. */
function valueOf(text: string, name: string): string {
  return new RegExp(`(?:^| )${name}=(.*?)(?= [a-z0-9_]+=| *$)`).exec(text)?.[1] ?? '';
}
