import { expect } from 'chai';
import { credentialOpen } from '../../../src/findings/rules/credential-open.ts';
import { agent, containerMountTable, processItems, seenBy, web } from '../traces-lab.ts';

describe('rule credential-open', () => {
  it('finds a token of another pod', () => {
    expect(
      seenBy(
        credentialOpen,
        processItems(10, {
          in: web,
          fd: { 3: `/host/var/lib/kubelet/pods/${agent.pod}/volumes/kubernetes.io~projected/t/token` },
          mounts: containerMountTable('51 50 8:1 / /host ro - ext4 /dev/sda1 rw'),
        }),
      ),
    ).to.deep.equal(['high: open: a credential of pod 99999999-8888-7777-6666-555555555555']);
  });
  it('leaves its own alone, and files that are only called so in the container', () => {
    expect(
      seenBy(
        credentialOpen,
        processItems(10, {
          in: web,
          fd: {
            3: `/host/var/lib/kubelet/pods/${web.pod}/volumes/kubernetes.io~projected/t/token`,
            4: '/etc/shadow',
          },
          mounts: containerMountTable('51 50 8:1 / /host ro - ext4 /dev/sda1 rw'),
        }),
      ),
    ).to.deep.equal([]);
  });
});
