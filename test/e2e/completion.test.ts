import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect } from 'chai';
import { processIo } from '../../src/output/io.ts';
import { run } from '../cluster/run.ts';
import { program } from '../support/offer.ts';
import { requires } from '../support/requires.ts';
import { kubectl, kubectlIr } from './support/world.ts';

const io = processIo();

/** What kubectl's own completion of a shell runs, with what `kubectl ir completion` prints on PATH. */
describe('completion by kubectl', function () {
  requires(this, program('kubectl'));
  let dir: string;
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'kubectl-ir-completion-'));
    const script = join(dir, 'kubectl_complete-ir');
    await writeFile(script, (await kubectlIr(['completion'])).stdout);
    await chmod(script, 0o755);
  });
  after(() => rm(dir, { recursive: true }));

  const completed = (words: readonly string[]): Promise<string> => {
    const env = { ...io.env, PATH: `${dir}${delimiter}${io.env['PATH'] ?? ''}` };
    return run('kubectl', ['__complete', 'ir', ...words], { env });
  };

  it('has the commands, their flags and the values of these, without a cluster', async () => {
    expect(await completed(['sn'])).to.equal('snapshot\tnode, pod\n:4\n');
    expect(await completed(['isolate', '--outp'])).to.equal('--output\toutput format\n:4\n');
    expect(await completed(['isolate', '-o', ''])).to.equal('json\nyaml\nname\n:4\n');
    expect(await completed(['isolate', '--output=ya'])).to.equal('yaml\n:4\n');
    expect(await completed(['verify', ''])).to.equal(':0\n');
  });

  it('has the names of the cluster', async () => {
    const names = (await kubectl(['get', 'nodes', '-o', 'name'])).replaceAll('node/', '');
    expect(await completed(['snapshot', 'node', ''])).to.equal(`${names}:4\n`);
    expect(await completed(['isolate', '-n', 'kube-syst'])).to.equal('kube-system\n:4\n');
  });
});
