import { expect } from 'chai';
import { sshServerInContainer } from '../../../src/findings/rules/ssh-server-in-container.ts';
import { processItems, seenBy, web } from '../traces-lab.ts';

describe('rule ssh-server-in-container', () => {
  it('finds sshd', () => {
    expect(seenBy(sshServerInContainer, processItems(11, { in: web, exe: '/usr/sbin/sshd' }))).to.deep.equal([
      'medium: sshd or dropbear runs in it',
    ]);
  });
  it('leaves that of the node alone', () => {
    expect(seenBy(sshServerInContainer, processItems(11, { exe: '/usr/sbin/sshd' }))).to.deep.equal([]);
  });
});
