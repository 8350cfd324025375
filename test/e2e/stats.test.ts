import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { openAcquisition } from '../../src/evidence/reader.ts';
import { image, imageOf } from '../support/offer.ts';
import { requires } from '../support/requires.ts';
import { apply, createNamespace, pod, removeNamespaces, untilReady } from './support/workload.ts';
import { kubectlIr } from './support/world.ts';

const namespace = 'e2e-stats';

interface Stats {
  readonly nodes: readonly { readonly node: string; readonly load: string }[];
  readonly usages: readonly {
    readonly pod: string;
    readonly container?: string;
    readonly cpu?: number;
    readonly throttled?: number;
    readonly processes?: number;
  }[];
}

describe('kubectl ir stats', function () {
  requires(this, image('collector'), image('toolbox'));
  this.timeout(120_000);
  let dir: string;

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'e2e-stats-'));
    await createNamespace(namespace);
    const busy = ['sh', '-c', 'while :; do :; done'];
    const resources = { limits: { cpu: '50m', memory: '32Mi' } };
    await apply(namespace, [
      pod('busy', { image: imageOf('toolbox'), command: busy, container: { resources } }),
      pod('idle', { image: imageOf('toolbox'), command: ['sleep', '3600'] }),
    ]);
    await untilReady(namespace);
  });
  after(async () => {
    await removeNamespaces(namespace);
    await rm(dir, { recursive: true, force: true });
  });

  it('tells who is busy and held back, from cgroups, and keeps what it read', async () => {
    const flags = ['-n', namespace, '--from', 'cgroup', '--collector-image', imageOf('collector')];
    const { code, stdout, stderr } = await kubectlIr([
      'stats',
      ...flags,
      '-o',
      'json',
      '--case',
      join(dir, 'case'),
    ]);
    expect(code, stderr).to.equal(0);
    const { usages, nodes } = JSON.parse(stdout) as Stats;
    const of = (name: string): Stats['usages'][number] | undefined =>
      usages.find((one) => one.pod === `${namespace}/${name}` && one.container === 'main');
    expect(of('busy')?.cpu).to.be.greaterThan(of('idle')?.cpu ?? 1);
    expect(of('busy')?.throttled).to.be.greaterThan(0);
    expect(of('idle')?.processes).to.equal(1);
    expect(usages.every((one) => one.pod.startsWith(`${namespace}/`))).to.equal(true);
    expect(nodes[0]?.load).to.match(/^[0-9.]+ [0-9.]+ [0-9.]+$/);
    const verified = await kubectlIr(['verify', join(dir, 'case')]);
    expect(verified.stdout).to.include('UNSEALED');
  });

  it('tells the same of one pod by the kubelet', async () => {
    const { code, stdout, stderr } = await kubectlIr([
      'stats',
      'pod/busy',
      '-n',
      namespace,
      '--from',
      'kubelet',
      '--case',
      join(dir, 'kubelet'),
    ]);
    expect(code, stderr).to.equal(0);
    expect(stderr).to.match(/^Not known +the kubelet tells no throttling/m);
    const acquisitions = join(dir, 'kubelet/data/acquisitions');
    const [name = ''] = await readdir(acquisitions);
    const { items } = await openAcquisition(join(acquisitions, name));
    const [answer, ...more] = items.filter(({ artifact }) => artifact === 'kubernetes');
    expect(more).to.deep.equal([]);
    expect(answer?.name).to.match(/^live_response\/kubernetes\/stats\/000001\/kubelet\/.+\.json$/);
    expect(answer?.size).to.be.above(1000);
    expect(stdout).to.match(/^POD +CONTAINER +CPU/);
    expect(stdout).to.include(`${namespace}/busy`).and.not.include('idle');
  });
});
