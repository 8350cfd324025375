import { expect } from 'chai';
import { findCommand, registry } from '../src/registry.ts';
import type { Flag } from '../src/subcommands/command.ts';
import { globalFlags } from '../src/subcommands/global-flags.ts';

describe('registry', () => {
  for (const entry of registry) {
    describe(entry.words.join(' '), () => {
      it('loads, and its flags clash neither with each other nor with those of kubectl', async () => {
        const { command } = await entry.load();
        const names = [...Object.keys(globalFlags), ...Object.keys(command.flags), 'help'];
        const all: Flag[] = [...Object.values(globalFlags), ...Object.values(command.flags)];
        const shorts = all.flatMap((flag) => flag.short ?? []);
        for (const list of [names, [...shorts, 'v', 'h']]) expect(new Set(list).size).to.equal(list.length);
      });

      it('names what each flag takes', async () => {
        const flags = Object.entries((await entry.load()).command.flags);
        const nameless = flags.filter(
          ([, { type, placeholder, choices }]) =>
            type === 'string' && placeholder === undefined && choices === undefined,
        );
        expect(nameless.map(([name]) => name)).to.deep.equal([]);
      });

      it('has help that fits a screen', () => {
        expect(entry.summary).to.match(/^[A-Z].*[^.]$/);
        expect(entry.examples.length).to.be.greaterThan(0);
        for (const line of entry.about.flatMap((text) => text.split('\n')))
          expect(line.length).to.be.below(121);
        for (const [, line] of entry.examples) expect(line.startsWith(entry.words.join(' '))).to.equal(true);
      });
    });
  }
});

describe('the flag --case', () => {
  it('says that a new one is made where one is', async () => {
    const making: string[] = [];
    for (const entry of registry) {
      const { flags } = (await entry.load()).command;
      if (flags['case']?.summary.includes('else a new') === true) making.push(entry.words.join(' '));
    }
    expect(making.sort()).to.deep.equal([
      ...['diff pod', 'isolate', 'respond', 'scope', 'snapshot node', 'snapshot pod'],
    ]);
  });
});

describe('findCommand', () => {
  const entries = registry.filter(({ words }) => ['version', 'snapshot'].includes(words[0] ?? ''));

  it('finds a command of one word whatever follows', () => {
    expect(findCommand(entries, 'version', 'x')).to.have.nested.property('entry.words[0]', 'version');
  });

  it('finds a command of two words', () => {
    expect(findCommand(entries, 'snapshot', 'node')).to.have.nested.property('entry.words[1]', 'node');
  });

  it('takes a first word alone for a group', () => {
    expect(findCommand(entries, 'snapshot', undefined)).to.include({ kind: 'group', word: 'snapshot' });
    expect(findCommand(entries, 'snapshot', 'nod')).to.include({ kind: 'group' });
  });

  it('names the candidates for an unknown word', () => {
    expect(findCommand(entries, 'versio', undefined)).to.deep.equal({
      kind: 'unknown',
      candidates: ['snapshot', 'version'],
    });
  });
});
