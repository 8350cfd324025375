import { expect } from 'chai';
import { descriptorOfNode } from '../../../src/findings/rules/descriptor-of-node.ts';
import { containerMountTable, type Items, processItems, seenBy, web } from '../traces-lab.ts';

const table = (mount: number): Items => ({
  'live_response/process/descriptor_mounts.txt': `10/fdinfo/7:mnt_id:\t${mount}\n`,
});
const process = (target: string): Items =>
  processItems(10, { in: web, mounts: containerMountTable(), fd: { 7: target } });

describe('rule descriptor-of-node', () => {
  it('finds a directory of the node that is open in a container', () => {
    expect(seenBy(descriptorOfNode, process('/root'), table(20))).to.deep.equal([
      'high: descriptor 7 was opened through a mount of the node',
    ]);
  });
  it('leaves files of the container alone, and those of mounts that nobody has any more', () => {
    expect(seenBy(descriptorOfNode, process('/root'), table(50))).to.deep.equal([]);
    expect(seenBy(descriptorOfNode, process('/root'), table(77))).to.deep.equal([]);
  });
  it('leaves what runtimes hand in alone', () => {
    for (const target of [
      '/dev/null',
      'pipe:[7]',
      '/run/containerd/fifo/12/main-stdout',
      '/memfd:x (deleted)',
    ])
      expect(seenBy(descriptorOfNode, process(target), table(20))).to.deep.equal([]);
  });
  it('leaves processes of the node alone', () => {
    expect(seenBy(descriptorOfNode, processItems(10, { fd: { 7: '/root' } }), table(20))).to.deep.equal([]);
  });
});
