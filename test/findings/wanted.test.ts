import { expect } from 'chai';
import { isFirst, wantedOf } from '../../src/findings/wanted.ts';

describe('what rules read of an item', () => {
  it('is its records, its bytes, or nothing', () => {
    expect(wantedOf('bodyfile/bodyfile.txt')).to.deep.equal({ as: 'records', parser: 'bodyfile' });
    expect(wantedOf('[root]/proc/7/mountinfo')).to.deep.equal({ as: 'records', parser: 'mount table' });
    expect(wantedOf('[root]/proc/7/status')).to.deep.equal({ as: 'bytes', limit: 16 * 1024 ** 2 });
    expect(wantedOf('[root]/etc/cron.d/x\u001b')).to.deep.equal({ as: 'bytes', limit: 1024 ** 2 });
    expect(wantedOf('[root]/var/log/journal/1/system.journal')).to.deep.equal({ as: 'journal' });
    for (const name of ['[root]/proc/7/maps', '[root]/var/log/journal/1/fss', '[root]/etc/passwd', 'x'])
      expect(wantedOf(name), name).to.equal(undefined);
  });
  it('begins with the digests of programs', () => {
    expect(isFirst('live_response/packages/programs.md5')).to.equal(true);
    expect(isFirst('[root]/var/lib/dpkg/info/x.md5sums')).to.equal(false);
  });
});
