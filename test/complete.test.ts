import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { complete } from '../src/complete.ts';
import { registry } from '../src/registry.ts';
import { aNode, aPod } from './fake-api/builders.ts';
import { type FakeApi, startFakeApi } from './fake-api/fake-api.ts';
import { memoryIo } from './support/memory-io.ts';

describe('complete', () => {
  let fake: FakeApi;
  beforeEach(async () => (fake = await startFakeApi()));
  afterEach(() => fake.close());

  async function printed(...words: string[]): Promise<string> {
    const io = memoryIo();
    const server = ['-s', fake.url, '--token', 'fake-token'];
    expect(await complete([...server, ...words], io, new AbortController().signal, registry)).to.equal(0);
    expect(io.err()).to.equal('');
    return io.out();
  }

  it('prints a line for each, a tab before what it is, and the directive last', async () => {
    expect(await printed('sn')).to.equal('snapshot\tnode, pod\n:4\n');
    expect(await printed('isolate', '--output=')).to.equal('json\nyaml\nname\n:4\n');
    expect(await printed('verify', '')).to.equal(':0\n');
    expect(fake.requests).to.deep.equal([]);
  });

  it('prints names of pods of the namespace and of nodes, as they are to be typed', async () => {
    for (const name of ['web-0', 'web-1', 'api-0']) fake.put(aPod(name));
    fake.put(aNode('node-a'));
    expect(await printed('diff', 'pod', 'web')).to.equal('web-0\nweb-1\n:4\n');
    expect(await printed('diff', 'pod', '-n', 'other', 'web')).to.equal(':4\n');
    expect(await printed('stats', '')).to.equal('pod/api-0\npod/web-0\npod/web-1\nnode/node-a\n:4\n');
    expect(await printed('release', '')).to.equal('api-0\nweb-0\nweb-1\nnode/node-a\n:0\n');
    expect(await printed('-n', 'def')).to.equal('default\n:4\n');
    expect(await printed('scope', 'c', '--nodes', 'x,node')).to.equal('x,node-a\n:4\n');
  });

  it('prints names of the kubeconfig that the line names, and asks no server', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'complete-'));
    const contexts = ['prod', 'preview', 'test'].map((name) => ({ name, context: {} }));
    await writeFile(join(dir, 'config'), JSON.stringify({ contexts }));
    const line = ['--kubeconfig', join(dir, 'config'), 'isolate', '--context', 'pr'];
    expect(await printed(...line)).to.equal('prod\npreview\n:4\n');
    expect(fake.requests).to.deep.equal([]);
    await rm(dir, { recursive: true });
  });

  it('prints the directive alone for a line that is none, and what is no command line at all', async () => {
    for (const line of [
      ['isolate', '--nope', 'x', ''],
      ['--', ''],
      ['isolate', '\u001b[2J'],
      ['a\nb', '\u0000'],
    ])
      expect((await printed(...line)).replaceAll(/[\n\t\x20-\x7e]/g, ''), line.join(' ')).to.equal('');
    expect(await printed('isolate', '--nope', 'x', '')).to.equal(':4\n');
  });
});
