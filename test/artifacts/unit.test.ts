import { expect } from 'chai';
import { isMalformed } from '../../src/artifacts/lines.ts';
import { parseUnit, settingsOf } from '../../src/artifacts/unit.ts';
import { survivesHostileBytes, survivesLongLines, survivesManyLines } from './hostile.ts';

const path = Buffer.from('[root]/etc/systemd/system/x.service.d/10-more.conf');
const sample = `# a remark
[Unit]
Description=A thing
[Service]
ExecStart=
ExecStart=/bin/sh -c "curl x" \\
# between
; two
  --more
Environment = A=b
[Install]
WantedBy=multi-user.target
garbage
`;

describe('parseUnit', () => {
  it('reads a drop-in with continued lines', () => {
    const [unit, bad] = [...parseUnit(Buffer.from(sample), path)];
    if (unit === undefined || isMalformed(unit)) throw new Error('no unit');
    expect(unit).to.deep.include({ name: Buffer.from('x.service'), dropIn: true });
    expect(settingsOf(unit, 'Service', 'ExecStart').map(String)).to.deep.equal([
      '',
      '/bin/sh -c "curl x"    --more',
    ]);
    expect(settingsOf(unit, 'Service', 'Environment').map(String)).to.deep.equal(['A=b']);
    expect(settingsOf(unit, 'Unit', 'ExecStart')).to.deep.equal([]);
    expect(bad).to.deep.equal({ malformed: 'no setting of a unit', offset: sample.indexOf('garbage') });
  });

  it('takes the name of a plain unit from its file', () =>
    expect([...parseUnit(Buffer.alloc(0), Buffer.from('/a/b.timer'))]).to.deep.equal([
      { name: Buffer.from('b.timer'), dropIn: false, settings: [] },
    ]));

  it('takes what goes on behind the end of the file, as systemd does', () => {
    const [unit] = [...parseUnit(Buffer.from('[Service]\nExecStart=/tmp/x \\\n --more \\'), path)];
    if (unit === undefined || isMalformed(unit)) throw new Error('no unit');
    expect(settingsOf(unit, 'Service', 'ExecStart').map(String)).to.deep.equal(['/tmp/x   --more']);
  });

  it('ends soon on lines that all go on in the next one', () =>
    survivesManyLines((bytes) => parseUnit(bytes, path), '\\\n', 1));

  it('ends soon on long lines', () => survivesLongLines((bytes) => parseUnit(bytes, path), 'a=', '['));

  it('survives hostile bytes', () => survivesHostileBytes((bytes) => parseUnit(bytes, path), sample));
});
