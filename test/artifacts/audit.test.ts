import { expect } from 'chai';
import fc from 'fast-check';
import { parseAudit } from '../../src/artifacts/audit.ts';
import { isMalformed } from '../../src/artifacts/lines.ts';
import { survivesHostileBytes, survivesLongLines } from './hostile.ts';

const sample = `type=SYSCALL msg=audit(1763000000.243:24287): arch=c000003e syscall=59 success=yes exit=0 a0=7fff a1=BEEF pid=3538 auid=1000 comm="cat" exe="/usr/bin/cat" key="watch"\u001dARCH=x86_64 AUID="jo"
type=EXECVE msg=audit(1763000000.243:24287): argc=2 a0="cat" a1=2F746D702F6120621B5B324A
type=PROCTITLE msg=audit(1763000000.243:24287): proctitle=636174002F746D702F78
node=n1 type=USER_LOGIN msg=audit(1763000001.000:24288): pid=1 uid=0 msg='op=login acct="root" exe="/usr/sbin/sshd" hostname=? addr=198.51.100.7 res=failed'
type=AVC msg=audit(1763000001.000:24289): avc:  denied  { read write } for pid=1
type=BAD msg=audit(x)
`;

function read(text: string): unknown[] {
  return [...parseAudit(Buffer.from(text))].map((one) =>
    isMalformed(one)
      ? one
      : [
          one.type,
          one.time,
          one.serial,
          one.node,
          Object.fromEntries([...one.fields].map(([k, v]) => [k, String(v)])),
        ],
  );
}

describe('parseAudit', () => {
  it('reads raw and enriched records, and decodes what the kernel encodes', () => {
    const records = read(sample);
    expect(records[0]).to.deep.equal([
      'SYSCALL',
      '2025-11-13T02:13:20.243Z',
      24287,
      undefined,
      {
        arch: 'c000003e',
        syscall: '59',
        success: 'yes',
        exit: '0',
        a0: '7fff',
        a1: 'BEEF',
        pid: '3538',
        auid: '1000',
        comm: 'cat',
        exe: '/usr/bin/cat',
        key: 'watch',
      },
    ]);
    expect(records[1]).to.have.nested.property('[4].a1', '/tmp/a b\u001b[2J');
    expect(records[2]).to.have.nested.property('[4].proctitle', 'cat\u0000/tmp/x');
    expect(records[3]).to.deep.include('n1').and.to.have.nested.property('[4].addr', '198.51.100.7');
    expect(records[5]).to.have.property('malformed');
  });

  it('gives back any name that the kernel would encode', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), (data) => {
        const hex = Buffer.from(data).toString('hex').toUpperCase();
        const [one] = [
          ...parseAudit(Buffer.from(`type=PATH msg=audit(1.000:1): item=0 name=${hex} inode=1`)),
        ];
        expect(one && !isMalformed(one) && one.fields.get('name')).to.deep.equal(Buffer.from(data));
      }),
    );
  });

  it('reads what is quoted, braced, never closed, or comes in pieces', () => {
    const fieldsOf = (text: string, type = 'X'): unknown =>
      (read(`type=${type} msg=audit(1.000:1): ${text}`)[0] as unknown[])[4];
    expect(fieldsOf('a="x y"b=1 c={ r w } d=\'q\' =z e= f=g=h')).to.deep.equal({
      a: 'x y',
      b: '1',
      c: '{ r w }',
      d: 'q',
      e: '',
      f: 'g=h',
    });
    expect(fieldsOf('a="x b={ y c=\'z')).to.deep.equal({ a: '"x', b: '{', c: "'z" });
    expect(fieldsOf('a1_len=3 a1[0]=6120 a1[1]="b"', 'EXECVE')).to.deep.equal({
      a1_len: '3',
      'a1[0]': 'a ',
      'a1[1]': 'b',
    });
    expect(fieldsOf('a0=6120 saddr=0200 name=0a name=0A')).to.deep.equal({
      a0: '6120',
      saddr: '0200',
      name: '0a',
    });
  });

  it('does not let a later value replace the first', () =>
    expect(read('type=X msg=audit(1.000:1): uid=1000 uid=0')[0]).to.have.nested.property('[4].uid', '1000'));

  it('ends soon on long lines', () =>
    survivesLongLines(parseAudit, 'type=X msg=audit(1.000:1): ', "type=X msg=audit(1.000:1): msg='"));

  it('ends soon on a line of values that are opened and never closed', () => {
    const line = `type=X msg=audit(1.000:1): ${'a={ '.repeat(500_000)}`;
    expect(read(line)[0]).to.have.nested.property('[4].a', '{');
  }).timeout(2000);

  it('survives hostile bytes', () => survivesHostileBytes(parseAudit, sample));
});
