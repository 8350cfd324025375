import { expect } from 'chai';
import { setuidPlanted } from '../../../src/findings/rules/setuid-planted.ts';
import { seenBy } from '../traces-lab.ts';

describe('rule setuid-planted', () => {
  it('finds one where anybody may write, and doubts one in a volume', () => {
    expect(
      seenBy(setuidPlanted, {
        'bodyfile/bodyfile.txt':
          '0|/tmp/.s|1|-rwsr-xr-x|0|0|1|1|1|1|0\n0|/var/lib/kubelet/pods/1/v/su|1|-rwsr-xr-x|0|0|1|1|1|1|0\n',
      }),
    ).to.deep.equal(['high: mode -rwsr-xr-x, owned by root', 'medium: mode -rwsr-xr-x, owned by root']);
  });
  it('leaves those of the system and of users alone', () => {
    expect(
      seenBy(setuidPlanted, {
        'bodyfile/bodyfile.txt':
          '0|/usr/bin/su|1|-rwsr-xr-x|0|0|1|1|1|1|0\n0|/home/jo/x|1|-rwsr-xr-x|1000|0|1|1|1|1|0\n',
      }),
    ).to.deep.equal([]);
  });
});
