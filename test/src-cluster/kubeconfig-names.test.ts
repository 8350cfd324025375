import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { kubeconfigNames } from '../../src/cluster/kubeconfig-names.ts';
import { memoryIo } from '../support/memory-io.ts';

describe('kubeconfigNames', () => {
  let dir: string;
  let path: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'kubeconfig-names-'));
    path = join(dir, 'config');
  });
  afterEach(() => rm(dir, { recursive: true }));

  const write = (...contexts: readonly string[]): Promise<void> => {
    const config = {
      contexts: contexts.map((name) => ({ name, context: { cluster: 'c', user: 'u' } })),
      clusters: [{ name: 'c', cluster: { server: 'https://192.0.2.1' } }],
      users: [{ name: 'u', user: {} }],
    };
    return writeFile(path, JSON.stringify(config));
  };

  it('has contexts, clusters and users, of the file that is named or that kubectl would use', async () => {
    await write('prod', 'arn:aws:eks:eu-west-1:1:cluster/shop', 'admin@kubernetes');
    const contexts = ['prod', 'arn:aws:eks:eu-west-1:1:cluster/shop', 'admin@kubernetes'];
    expect(await kubeconfigNames(memoryIo(), path, 'contexts')).to.deep.equal(contexts);
    const io = memoryIo({ env: { KUBECONFIG: path } });
    expect(await kubeconfigNames(io, undefined, 'contexts')).to.deep.equal(contexts);
    expect(await kubeconfigNames(io, undefined, 'clusters')).to.deep.equal(['c']);
    expect(await kubeconfigNames(io, undefined, 'users')).to.deep.equal(['u']);
  });

  it('leaves out names that a shell or a terminal would not take as one word', async () => {
    await write('a b', 'x\n:0', '\u001b[2J', '', 'ok');
    expect(await kubeconfigNames(memoryIo(), path, 'contexts')).to.deep.equal(['ok']);
  });

  it('has none where there is no kubeconfig, or none that can be read', async () => {
    expect(await kubeconfigNames(memoryIo(), path, 'contexts')).to.deep.equal([]);
    expect(await kubeconfigNames(memoryIo(), undefined, 'contexts')).to.deep.equal([]);
    await writeFile(path, 'contexts: 7');
    expect(await kubeconfigNames(memoryIo(), path, 'contexts')).to.deep.equal([]);
  });
});
