import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { inClusterConfig } from '../../src/cluster/in-cluster.ts';
import { memoryIo } from '../support/memory-io.ts';

describe('inClusterConfig', () => {
  const env = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' };
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'serviceaccount-'));
    await writeFile(path.join(dir, 'token'), 'secret');
    await writeFile(path.join(dir, 'namespace'), 'tools\n');
  });
  afterEach(() => rm(dir, { recursive: true }));

  it('is the service account of the pod', async () => {
    const config = await inClusterConfig(memoryIo({ env }), dir);
    expect(config?.clusters.get('in-cluster')).to.include({
      server: 'https://[fd00::1]:443',
      certificateAuthority: undefined,
    });
    expect(config?.users.get('in-cluster')?.tokenFile).to.equal(path.join(dir, 'token'));
    expect(config?.contexts.get('in-cluster')?.namespace).to.equal('tools');
  });

  it('prefers POD_NAMESPACE and knows the CA', async () => {
    await writeFile(path.join(dir, 'ca.crt'), 'PEM');
    const config = await inClusterConfig(memoryIo({ env: { ...env, POD_NAMESPACE: 'mine' } }), dir);
    expect(config?.contexts.get('in-cluster')?.namespace).to.equal('mine');
    expect(config?.clusters.get('in-cluster')?.certificateAuthority).to.equal(path.join(dir, 'ca.crt'));
  });

  it('is nothing outside a pod', async () => {
    expect(await inClusterConfig(memoryIo(), dir)).to.equal(undefined);
    expect(await inClusterConfig(memoryIo({ env }), path.join(dir, 'none'))).to.equal(undefined);
  });
});
