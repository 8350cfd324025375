import { expect } from 'chai';
import { type Candidates, candidatesFor } from '../src/candidates.ts';
import { UsageError } from '../src/output/errors.ts';
import { registry } from '../src/registry.ts';
import { failureOf } from './support/failure.ts';

const at = (...typed: string[]): Promise<Candidates> => candidatesFor(typed, registry);
const wordsAt = async (...typed: string[]): Promise<string[]> =>
  (await at(...typed)).words.map(({ word }) => word);

describe('candidatesFor', () => {
  it('gives every command of the registry once, and the second words of a group', async () => {
    const first = [...new Set(registry.map(({ words }) => words[0]))];
    expect(await wordsAt('')).to.deep.equal(first);
    expect(await wordsAt()).to.deep.equal(first);
    expect((await at('sn')).words).to.deep.equal([{ word: 'snapshot', about: 'node, pod' }]);
    expect(await wordsAt('snapshot', '')).to.deep.equal(['node', 'pod']);
    expect(await wordsAt('-n', 'prod', 'snapshot', '-A', 'n')).to.deep.equal([]);
    expect(await wordsAt('snapshot', '-n', 'prod', 'n')).to.deep.equal(['node']);
    expect(await wordsAt('help', 'snapshot', 'n')).to.deep.equal(['node']);
  });

  it('gives the flags of the command with what they are, and the global ones', async () => {
    expect((await at('isolate', '--dry')).words).to.deep.equal([
      { word: '--dry-run', about: 'client prints the plan, server has it validated without doing it' },
    ]);
    expect(await wordsAt('isolate', '-o')).to.deep.equal(['-o']);
    expect(await wordsAt('version', '--')).to.include.members(['--output', '--kubeconfig', '--help']);
    expect(await wordsAt('--ou')).to.deep.equal([]);
  });

  it('gives the values of a flag that has choices, behind it and after its =', async () => {
    for (const line of [['-o', ''], ['--output', ''], ['-o='], ['--output=']])
      expect(await wordsAt('isolate', 'web', ...line), line.join(' ')).to.deep.equal([
        'json',
        'yaml',
        'name',
      ]);
    expect(await wordsAt('isolate', '--output=y')).to.deep.equal(['yaml']);
    expect(await wordsAt('isolate', '--yes=')).to.deep.equal(['true', 'false']);
    expect(await wordsAt('isolate', 'web', '--yes', '--out')).to.deep.equal(['--output']);
  });

  it('has shells complete files for what is a file or a case, and nothing else', async () => {
    for (const line of [
      ['verify', ''],
      ['verify', '--signers', './a'],
      ['isolate', 'web', '--case', ''],
      ['--kubeconfig='],
      ['release', './c'],
    ])
      expect((await at(...line)).files, line.join(' ')).to.equal(true);
    for (const line of [[''], ['isolate', ''], ['show', './case', ''], ['case', 'log', 'c', '--remark', '']])
      expect((await at(...line)).files, line.join(' ')).to.equal(false);
  });

  it('gives the words that a place of the usage line knows', async () => {
    expect(await wordsAt('show', './case', 'logi')).to.deep.equal(['logins']);
    expect(await wordsAt('case', 'move', './case', 'era')).to.deep.equal(['eradicate']);
    expect(await wordsAt('isolate', 'n')).to.deep.equal(['node']);
  });

  it('wants names of the cluster where a pod, a node or a namespace stands', async () => {
    const namesAt = async (...typed: string[]): Promise<string[]> =>
      (await at(...typed)).names.map(({ lead, resource, prefix }) => `${resource} ${lead} ${prefix}`);
    expect(await namesAt('isolate', 'we')).to.deep.equal(['pods  we']);
    expect(await namesAt('isolate', 'pod/we')).to.deep.equal(['pods pod/ we']);
    expect(await namesAt('isolate', 'node', '')).to.deep.equal(['nodes  ']);
    expect(await namesAt('release', 'node/a')).to.deep.equal(['nodes node/ a']);
    expect(await namesAt('stats', '')).to.deep.equal(['pods pod/ ', 'nodes node/ ']);
    expect(await namesAt('snapshot', 'node', 'a', 'b')).to.deep.equal(['nodes  b']);
    expect(await namesAt('isolate', '-n', 'pr')).to.deep.equal(['namespaces  pr']);
    expect(await namesAt('--namespace=')).to.deep.equal(['namespaces  ']);
    expect(await namesAt('scope', 'c', '--nodes', '')).to.deep.equal(['nodes  ']);
    expect(await namesAt('snapshot', 'node', '--nodes', 'a,b,c')).to.deep.equal(['nodes a,b, c']);
    expect(await namesAt('snapshot', 'node', '--nodes=a,')).to.deep.equal(['nodes a, ']);
    expect(await namesAt('isolate', '-n', 'a,b')).to.deep.equal([]);
    expect((await at('--context', 'x', 'isolate', '-n', 'prod', '')).global).to.deep.include({
      context: 'x',
      namespace: 'prod',
    });
  });

  it('wants entries of the kubeconfig where one is named', async () => {
    expect((await at('isolate', '--context', 'pr')).configured).to.deep.equal({
      list: 'contexts',
      prefix: 'pr',
    });
    expect((await at('--cluster=')).configured).to.deep.equal({ list: 'clusters', prefix: '' });
    expect((await at('--user', '')).configured).to.deep.equal({ list: 'users', prefix: '' });
    expect((await at('isolate', '--context')).configured).to.equal(undefined);
  });

  it('wants none that cannot go on with what was typed', async () => {
    for (const typed of [
      './',
      '../x',
      '$(id)',
      'a b',
      'UP',
      'we\u001b[2J',
      'we\n',
      '~',
      'pod/../x',
      'a'.repeat(300),
    ])
      expect((await at('isolate', typed)).names, typed).to.deep.equal([]);
    for (const typed of ['\u001b[2J,a', 'a,,$(id)', 'UP,', 'a b,'])
      expect((await at('scope', 'c', '--nodes', typed)).names, typed).to.deep.equal([]);
  });

  it('has nothing after words of nobody, or for them', async () => {
    for (const line of [
      ['isolte', ''],
      ['\u001b]0;x\u0007', ''],
      ['case', 'acquire', ''],
      ['isolate', '--nope='],
      ['isolate', '--__proto__', ''],
      ['isolate', '--', '--ou'],
      ['isolate', 'web', 'x', ''],
    ])
      expect(await at(...line), line.join(' ')).to.deep.include({ words: [], names: [], files: false });
    expect(await failureOf(at('isolate', '--nope', 'x', ''))).to.be.instanceOf(UsageError);
  });

  it('loads no command but the one that is named', async () => {
    const loaded: string[] = [];
    const entries = registry.map((entry) => ({
      ...entry,
      load: () => {
        loaded.push(entry.words.join(' '));
        return entry.load();
      },
    }));
    await candidatesFor([''], entries);
    await candidatesFor(['snapshot', ''], entries);
    expect(loaded).to.deep.equal([]);
    await candidatesFor(['snapshot', 'pod', '-'], entries);
    expect(loaded).to.deep.equal(['snapshot pod']);
  });

  it('has one plain line for each flag and command there is', async () => {
    for (const { words } of registry)
      for (const { word, about } of (await at(...words, '-')).words) {
        expect(word, words.join(' ')).to.match(/^--?[a-zA-Z0-9-]+$/);
        expect(about ?? '', `${words.join(' ')} ${word}`).to.match(/^[^\p{Cc}]+$/u);
      }
  });
});
