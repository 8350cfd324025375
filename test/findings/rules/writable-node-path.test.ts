import { expect } from 'chai';
import { writableNodePath } from '../../../src/findings/rules/writable-node-path.ts';
import { containerMountTable, podList, podObject, processItems, seenBy, web } from '../traces-lab.ts';

describe('rule writable-node-path', () => {
  it('finds what the pod did not ask for', () => {
    expect(
      seenBy(
        writableNodePath,
        processItems(10, {
          in: web,
          mounts: containerMountTable('51 50 8:1 /etc/cron.d /srv rw - ext4 /dev/sda1 rw'),
        }),
      ),
    ).to.deep.equal(['critical: mounted writable although its pod did NOT ask for it']);
  });
  it('scores down what it asked for', () => {
    expect(
      seenBy(
        writableNodePath,
        processItems(10, {
          in: web,
          mounts: containerMountTable('51 50 8:1 /etc/cron.d /srv rw - ext4 /dev/sda1 rw'),
        }),
        {
          'live_response/kubernetes/pods.json': podList(
            podObject(web, { spec: { volumes: [{ hostPath: { path: '/etc/cron.d/' } }] } }),
          ),
        },
      ),
    ).to.deep.equal(['medium: mounted writable, as its pod asks']);
  });
  it('leaves read-only mounts alone, and what the kubelet gives to every pod', () => {
    expect(
      seenBy(
        writableNodePath,
        processItems(10, {
          in: web,
          mounts: containerMountTable(
            '51 50 8:1 /etc /srv ro - ext4 /dev/sda1 rw',
            '52 50 8:1 /var/lib/kubelet/pods/1-2/etc-hosts /etc/hosts rw - ext4 /dev/sda1 rw',
            '53 50 8:1 /data /data rw - ext4 /dev/sda1 rw',
          ),
        }),
      ),
    ).to.deep.equal([]);
  });
});
