import { expect } from 'chai';
import { isGravest } from '../../src/findings/gravest.ts';

describe('the gravest programs', () => {
  it('are those by which one comes in or everything is started, wherever they lie', () => {
    for (const path of ['/usr/sbin/sshd', '/opt/bin/kubelet', '/lib/security/pam_unix.so'])
      expect(isGravest(path), path).to.equal(true);
    for (const path of ['/usr/bin/curl', '/usr/bin/sshd.bak', 'sshd'])
      expect(isGravest(path), path).to.equal(false);
  });
});
