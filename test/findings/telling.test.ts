import { expect } from 'chai';
import { parseBodyfile } from '../../src/artifacts/bodyfile.ts';
import { isMalformed } from '../../src/artifacts/lines.ts';
import { isTelling } from '../../src/findings/telling.ts';

function told(mode: string, name: string): boolean {
  const [entry] = parseBodyfile(Buffer.from(`0|${name}|1|${mode}|0|0|1|1|1|1|0\n`));
  return entry !== undefined && !isMalformed(entry) && isTelling(entry);
}

describe('lines of a body file that rules read', () => {
  it('are setuid files where none belongs, disks with a second name, links among logs', () => {
    expect(told('-rwsr-xr-x', '/tmp/x')).to.equal(true);
    expect(told('-rwxr-sr-x', '/dev/shm/x')).to.equal(true);
    expect(told('brw-------', '/srv/x')).to.equal(true);
    expect(told('lrwxrwxrwx', '/var/log/pods/a/b/0.log -> /etc/shadow')).to.equal(true);
    expect(told('-rwsr-xr-x', '/usr/bin/su')).to.equal(false);
    expect(told('-rwxr-xr-x', '/tmp/x')).to.equal(false);
    expect(told('brw-------', '/dev/sda')).to.equal(false);
    expect(told('lrwxrwxrwx', '/etc/x -> y')).to.equal(false);
  });
});
