import { expect } from 'chai';
import { lookUp } from '../src/lookup.ts';
import { UsageError } from '../src/output/errors.ts';
import { registry } from '../src/registry.ts';
import { failureOf } from './support/failure.ts';

describe('lookUp', () => {
  it('finds a command behind global flags, and between them', async () => {
    for (const line of [
      ['-n', 'prod', 'snapshot', 'node'],
      ['snapshot', '-n', 'prod', 'node', '--case', 'x'],
    ])
      expect(await lookUp(line, registry)).to.have.nested.property('found.entry.words[1]', 'node');
  });

  it('tells apart nothing, help, a group and a word of nobody', async () => {
    expect(await lookUp(['-n', 'prod'], registry)).to.deep.equal({ kind: 'nothing' });
    expect(await lookUp(['help', 'snapshot'], registry)).to.deep.equal({ kind: 'help', after: ['snapshot'] });
    expect(await lookUp(['snapshot'], registry)).to.include({ first: 'snapshot', second: undefined });
    expect(await lookUp(['isolte'], registry)).to.have.nested.property('found.kind', 'unknown');
  });

  it('refuses a flag of a command before its word', async () => {
    expect(await failureOf(lookUp(['--case', 'x', 'isolate'], registry))).to.be.instanceOf(UsageError);
  });
});
