import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { kubeconfigFiles, loadKubeconfig } from '../../src/cluster/kubeconfig-files.ts';
import { failureOf } from '../support/failure.ts';
import { memoryIo } from '../support/memory-io.ts';

describe('kubeconfigFiles', () => {
  const cases = [
    [{ HOME: '/h' }, ['/h/.kube/config']],
    [{ HOME: '/h', KUBECONFIG: '' }, ['/h/.kube/config']],
    [{ HOME: '/h', KUBECONFIG: '/a::/b:/a' }, ['/a', '/b']],
    [{}, []],
  ] as const;
  for (const [env, files] of cases) {
    it(`${JSON.stringify(env)} means ${files.join(', ') || 'nothing'}`, () => {
      expect(kubeconfigFiles(env)).to.deep.equal(files);
    });
  }
});

describe('loadKubeconfig', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'kubeconfig-'));
  });
  afterEach(() => rm(dir, { recursive: true }));

  it('ignores missing files of a list', async () => {
    await writeFile(path.join(dir, 'b'), 'current-context: b');
    const env = { KUBECONFIG: `${path.join(dir, 'a')}:${path.join(dir, 'b')}` };
    expect((await loadKubeconfig(memoryIo({ env }), undefined)).currentContext).to.equal('b');
  });

  it('is empty when there is no file', async () => {
    const config = await loadKubeconfig(memoryIo({ env: { HOME: dir } }), undefined);
    expect([config.currentContext, config.clusters.size]).to.deep.equal([undefined, 0]);
  });

  it('wants the file of --kubeconfig to exist, and looks at no other', async () => {
    const error = await failureOf(loadKubeconfig(memoryIo({ env: { KUBECONFIG: dir } }), '/nope'));
    expect(error.message).to.equal('stat /nope: no such file or directory');
  });

  it('names a directory that stands in for a file', async () => {
    await mkdir(path.join(dir, 'd'));
    const error = await failureOf(loadKubeconfig(memoryIo(), path.join(dir, 'd')));
    expect(error.message).to.equal(`read ${path.join(dir, 'd')}: is a directory`);
  });
});
