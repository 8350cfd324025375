import { expect } from 'chai';
import { readCourse } from '../../../src/incident/case-course.ts';
import type { CommandContext } from '../../../src/subcommands/command.ts';
import { choose, handOver, missingNames, reason } from '../../../src/subcommands/playbook/questions.ts';
import { sampleCase } from '../../evidence/sample.ts';
import { inSandbox } from '../../evidence/sandbox.ts';
import { memoryIo } from '../../support/memory-io.ts';
import { scriptedIo } from '../../support/scripted-io.ts';

/** Somebody who types these lines and then leaves. */
function person(...lines: string[]): CommandContext {
  const io = scriptedIo(() => lines.shift());
  return { io, global: {}, signal: new AbortController().signal };
}

describe('questions of a playbook', () => {
  it('are asked until one of the answers is typed; who leaves has quit', async () => {
    expect(await choose(person('', 'x', 'RUN'), ['run', 'skip', 'quit'])).to.equal('run');
    expect(await choose(person('h'), ['run', 'hand over', 'quit'])).to.equal('hand over');
    expect(await choose(person('r'), ['skip', 'quit'])).to.equal('quit');
    const gone = { ...person(), io: memoryIo({ interactive: true }) };
    expect(await choose(gone, ['run', 'quit'])).to.equal('quit');
  });

  it('take one line of text or nothing', async () => {
    expect(await reason(person('a\u202eb', 'not needed'))).to.equal('not needed');
    expect(await reason(person(''))).to.equal('');
  });

  it('take names of objects only', async () => {
    expect(await missingNames(person('web-0', '--yes'), 'cut', ['pod', 'namespace'])).to.deep.equal({
      pod: 'web-0',
    });
    expect(await missingNames(person(), 'cut', ['pod'])).to.deep.equal({});
  });

  it('hand a case over, on record', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir);
      expect(await handOver(person('joe'), dir, 'playbook x, next step y')).to.equal('joe');
      expect(await handOver(person(''), dir, 'x')).to.equal(undefined);
      const { entries } = (await readCourse(dir)).course;
      expect(entries.map(({ kind, text }) => [kind, text])).to.deep.equal([
        ['handover', 'to joe: playbook x, next step y'],
      ]);
    }));
});
