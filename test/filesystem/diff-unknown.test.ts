import { expect } from 'chai';
import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ItemSink } from '../../src/artifacts/item.ts';
import { DiffSpool } from '../../src/filesystem/change-log.ts';
import { diffUnknown, parseContainerId } from '../../src/filesystem/diff-unknown.ts';
import type { PodDiff } from '../../src/filesystem/pod-diff.ts';
import { OperationError } from '../../src/output/errors.ts';
import type { LocalNode } from '../collector/local-node.ts';
import { localNode, MemorySink } from '../collector/local-node.ts';
import { failureOf } from '../support/failure.ts';
import { metadataFile, snapshotsFile } from './containerd-databases.ts';
import { localCollector } from './local-collector.ts';

const [one, two] = [`ab${'1'.repeat(62)}`, `ab${'2'.repeat(62)}`];
const labels = {
  'io.kubernetes.container.name': 'web\u001b[2J',
  'io.kubernetes.pod.name': 'gone',
  'io.kubernetes.pod.namespace': 'prod',
};

describe('a container that the API does not know', function () {
  this.timeout(30_000);
  let tree: string;
  let local: LocalNode;
  before(() => {
    tree = mkdtempSync(join(tmpdir(), 'kubectl-ir-node-'));
    local = localNode(tree);
    const root = 'var/lib/containerd';
    const put = (path: string, content: string | Buffer): void => {
      mkdirSync(dirname(join(tree, path)), { recursive: true });
      writeFileSync(join(tree, path), content);
    };
    put(`${root}/io.containerd.metadata.v1.bolt/meta.db`, metadataFile([{ id: one, labels }, { id: two }]));
    const snapshots = `${root}/io.containerd.snapshotter.v1.overlayfs`;
    put(`${snapshots}/metadata.db`, snapshotsFile({ [`k8s.io/1/${one}`]: [2, 'x'], x: [1] }));
    put(`${snapshots}/snapshots/1/fs/etc/motd`, 'hello');
    put(`${snapshots}/snapshots/2/fs/tmp/x`, '#!/bin/sh');
  });
  after(() => {
    local.remove();
    rmSync(tree, { recursive: true, force: true });
  });
  const spool = new DiffSpool();
  after(() => spool.close());
  const diff = (id: string, sink: ItemSink = new MemorySink()): Promise<PodDiff> =>
    diffUnknown(localCollector(local), id, {
      content: false,
      newLog: () => spool.log(tree),
      sink,
      signal: new AbortController().signal,
    });

  it('is compared, and told whose it was', async () => {
    const { pod, containers } = await diff('ab1');
    expect(pod).to.deep.equal({ namespace: 'prod', name: 'gone', uid: '', node: 'local' });
    expect(containers[0]).to.include({ name: 'web\\x1b[2J', id: one, state: 'terminated', image: 'shop:1' });
    const changes: string[] = [];
    for await (const { change, path } of containers[0]?.changes ?? []) changes.push(`${change} ${path}`);
    expect(changes).to.include('added /tmp/x');
    expect(containers[0]?.blind).to.deep.equal([]);
  });

  it('is blind, and never unchanged, when a layer was removed since the runtime recorded it', async () => {
    const snapshots = join(tree, 'var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots');
    renameSync(join(snapshots, '1'), join(snapshots, 'removed'));
    const { containers } = await diff('ab1');
    renameSync(join(snapshots, 'removed'), join(snapshots, '1'));
    expect(containers[0]?.blind.map(({ why }) => why).join()).to.match(
      /layer 1 of the container is not on the node's disk/,
    );
    expect(containers[0]?.summary.complete).to.equal(false);
  });

  it('is blind, and never unchanged, when its layers are removed while they are read', async () => {
    const snapshots = join(tree, 'var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots');
    cpSync(snapshots, join(tree, 'kept'), { recursive: true });
    const sink = new MemorySink();
    const removing: ItemSink = {
      begin: async (header) => {
        if (header.name.toString().endsWith('/upper.path')) rmSync(join(snapshots, '2'), { recursive: true });
        await sink.begin(header);
      },
      write: (chunk) => sink.write(chunk),
      end: (end) => sink.end(end),
    };
    const { containers } = await diff('ab1', removing);
    rmSync(snapshots, { recursive: true });
    cpSync(join(tree, 'kept'), snapshots, { recursive: true });
    const found: string[] = [];
    for await (const { path } of containers[0]?.changes ?? []) found.push(path);
    expect(
      found.includes('/tmp/x') || containers[0]?.summary.complete === false,
      JSON.stringify(containers[0]?.blind),
    ).to.equal(true);
  });

  it('has to be one', async () => {
    const several = await failureOf(diff('ab'));
    expect(several).to.be.instanceOf(OperationError).with.property('advice').that.includes(two);
    expect((await failureOf(diff('cd'))).message).to.equal(
      'no runtime on node "local" has a record of a container "cd"',
    );
  });

  it('is blind when only a process could tell of it and there is none', async () => {
    const { containers } = await diff('f'.repeat(64));
    expect(containers[0]?.blind[0]?.why).to.match(/^it has no process, and no runtime's record/);
  });

  it('has an id as runtimes print it, and nothing else', () => {
    expect(parseContainerId(`containerd://${one}`)).to.equal(one);
    expect(parseContainerId('my-container.1')).to.equal('my-container.1');
    for (const text of ['', '..', '/etc', 'a/b', 'a b', '-rf', 'a'.repeat(129)])
      expect(parseContainerId(text), text).to.equal(undefined);
  });
});
