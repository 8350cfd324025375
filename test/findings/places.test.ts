import { expect } from 'chai';
import { below, mountsOf, nodeMounts, pathOnNode, placeOnNode } from '../../src/findings/places.ts';
import { bookOf, cleanNode, containerMountTable, processItems, web } from './traces-lab.ts';

const { traces, node, table } = world(
  '51 50 8:1 /var/lib /host/lib rw - ext4 /dev/sda1 rw',
  '52 50 0:5 / /host/run rw - tmpfs tmpfs rw',
  '53 51 0:98 / /host/lib/data rw - tmpfs tmpfs rw',
);

function world(...mounts: string[]) {
  const made = bookOf({
    ...cleanNode(),
    ...processItems(10, { in: web, mounts: containerMountTable(...mounts) }),
  }).traces();
  const process = made.processes.find(({ pid }) => pid === 10);
  return {
    traces: made,
    node: nodeMounts(made),
    table: process === undefined ? undefined : mountsOf(made, process),
  };
}

describe('places on the node', () => {
  it('are those of its own mounts of the same file system', () => {
    expect(traces.mountTables.size).to.equal(2);
    if (node === undefined || table === undefined) throw new Error('there is no mount table');
    expect(table.mounts.map((mount) => placeOnNode(mount, node))).to.deep.equal([
      undefined,
      '/var/lib',
      '/run',
      undefined,
    ]);
  });
  it('are found for a path by the mount that covers it', () => {
    if (node === undefined || table === undefined) throw new Error('there is no mount table');
    expect(pathOnNode('/host/lib/kubelet/pki/x', table, node)).to.equal('/var/lib/kubelet/pki/x');
    expect(pathOnNode('/host/run', table, node)).to.equal('/run');
    expect(pathOnNode('/host/library', table, node)).to.equal(undefined);
    expect(pathOnNode('/host/lib/data/x', table, node)).to.equal(undefined);
    expect(pathOnNode('/etc/shadow', table, node)).to.equal(undefined);
  });
  it('count whole names', () => {
    expect(below('/etc', '/etc/cron.d')).to.equal('cron.d');
    expect(below('/', '/etc')).to.equal('etc');
    expect(below('/etc', '/etc')).to.equal('');
    expect(below('/etc', '/etcetera')).to.equal(undefined);
  });
});
