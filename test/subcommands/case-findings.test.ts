import { expect } from 'chai';
import { reverseShell } from '../../src/findings/rules/reverse-shell.ts';
import { tamperedProgram } from '../../src/findings/rules/tampered-program.ts';
import { openCase } from '../../src/evidence/case.ts';
import { judgeCase } from '../../src/subcommands/case-findings.ts';
import { fileHeader, inSandbox } from '../evidence/sandbox.ts';
import { memoryIo } from '../support/memory-io.ts';

const signal = new AbortController().signal;

/** A case of one acquisition that asked for these phases and brought one file. */
async function asking(dir: string, kind: string, options: Readonly<Record<string, unknown>>): Promise<void> {
  const opened = await openCase(memoryIo(), { dir, target: 'node' });
  const acquisition = await opened.startAcquisition({ kind, target: 'node-a', node: 'node-a', options });
  await acquisition.begin(fileHeader('[root]/etc/passwd'));
  await acquisition.end({ outcome: 'ok', length: 0 });
  await acquisition.finish({ outcome: 'complete' });
  await opened.close();
}

describe('a case that is judged', () => {
  const lacksOf = (kind: string, options: Readonly<Record<string, unknown>>): Promise<unknown[]> =>
    inSandbox(async (dir) => {
      await asking(dir, kind, options);
      const told = await judgeCase(dir, { rules: [reverseShell, tamperedProgram] }, dir, signal);
      expect([told.nodes, told.rules, told.malformed]).to.deep.equal([['node-a'], 2, 0]);
      return told.notJudged.map(({ lack }) => lack);
    });

  it('lacks what its acquisitions asked for otherwise than what none did', async () => {
    expect(await lacksOf('node', { phases: ['processes', 'sockets'] })).to.deep.equal([
      'missing',
      'not-asked',
    ]);
    expect(await lacksOf('node', { phases: ['packages'] })).to.deep.equal(['not-asked', 'missing']);
    expect(await lacksOf('diff', {})).to.deep.equal(['not-asked', 'not-asked']);
    expect(await lacksOf('pod', { phases: ['processes'] })).to.deep.equal(['missing', 'not-asked']);
  });
  it('lacks everything that was asked for where its record does not say what that was', async () => {
    expect(await lacksOf('node', {})).to.deep.equal(['missing', 'missing']);
    expect(await lacksOf('node', { phases: 'all' })).to.deep.equal(['missing', 'missing']);
  });
});
