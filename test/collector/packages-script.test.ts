import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { artifactOf } from '../../src/artifacts/catalogue.ts';
import { collectFrames } from '../../src/collector/running.ts';
import { namedScript } from '../../src/collector/scripts.ts';
import { localNode, MemorySink } from './local-node.ts';
import { plantIn } from './plant.ts';

describe('packages of containers', function () {
  this.timeout(60_000);

  it('that cannot be seen are a gap, of each container that runs', async () => {
    const root = mkdtempSync(join(tmpdir(), 'packages-root-'));
    const node = localNode(root);
    const plant = (path: string, content: string): void => plantIn(root, path, content);
    const spec = (path: string): string =>
      JSON.stringify({ ociVersion: '1', root: { path, readonly: true } });
    const task = 'run/containerd/io.containerd.runtime.v2.task/k8s.io';
    plant(`${task}/seen/config.json`, spec('rootfs'));
    plant(`${task}/seen/rootfs/etc/motd`, '');
    plant(`${task}/unseen/config.json`, spec('rootfs'));
    mkdirSync(join(root, task, 'unseen/rootfs'));
    plant(
      'run/docker/containerd/daemon/io.containerd.runtime.v2.task/moby/docked/config.json',
      spec('/data/merged'),
    );
    plant('data/merged/etc/motd', '');
    const stored = 'run/containers/storage/overlay-containers';
    for (const [id, pid] of [
      ['running', process.pid],
      ['ended', 4_194_305],
    ] as const) {
      plant(`${stored}/${id}/userdata/config.json`, spec('/var/lib/containers/storage/overlay/a/merged'));
      plant(`${stored}/${id}/userdata/pidfile`, String(pid));
    }
    const sink = new MemorySink();
    const { signal } = new AbortController();
    try {
      await collectFrames(node.exec, namedScript('packages'), sink, { args: [], signal });
    } finally {
      node.remove();
      rmSync(root, { recursive: true });
    }
    const gaps = sink.items.filter(({ header }) =>
      /^live_response\/containers\/\w+\/root$/.test(header.name.toString()),
    );
    expect(gaps.map(({ header, end }) => `${header.name.toString()} ${end.outcome}`)).to.have.members([
      'live_response/containers/unseen/root skipped',
      'live_response/containers/running/root skipped',
    ]);
    expect(gaps.map(({ header }) => artifactOf(header.name)?.parser)).to.deep.equal(
      gaps.map(() => 'container dpkg status'),
    );
  });
});
