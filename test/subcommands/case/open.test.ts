import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { openCase } from '../../../src/evidence/case.ts';
import { verifyPath } from '../../../src/evidence/verify.ts';
import { readCourse } from '../../../src/incident/case-course.ts';
import { UsageError } from '../../../src/output/errors.ts';
import { command as close } from '../../../src/subcommands/case/close.ts';
import { command } from '../../../src/subcommands/case/open.ts';
import { sampleCase } from '../../evidence/sample.ts';
import { inSandbox } from '../../evidence/sandbox.ts';
import { failureOf } from '../../support/failure.ts';
import { memoryIo } from '../../support/memory-io.ts';
import { smallPlan } from '../../support/small-plan.ts';
import { runCommand } from './run.ts';

async function recordOf(dir: string): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(join(dir, 'data/case.json'), 'utf8')) as Record<string, unknown>;
}

const details = {
  'case-number': '2026-17',
  'evidence-number': ['A1', 'A2'],
  examiner: 'J. Döe',
  organisation: 'Example',
};

describe('case open', () => {
  it('makes a case with its numbers, which come into record and bag, and prints the directory', () =>
    inSandbox(async (dir) => {
      const place = join(dir, 'case');
      const { code, out, err } = await runCommand(command, [place], details);
      expect([code, out]).to.deep.equal([0, `${place}\n`]);
      expect(err).to.equal('Case      ir-20261122T041500Z-2026-17 (new)\n');
      expect(await recordOf(place)).to.include({
        number: '2026-17',
        examiner: 'J. Döe',
        organisation: 'Example',
      });
      await runCommand(close, [place]);
      expect((await readFile(join(place, 'bag-info.txt'), 'utf8')).split('\n').slice(3, 8)).to.deep.equal([
        'Source-Organization: Example',
        'Contact-Name: J. Döe',
        'Internal-Sender-Identifier: 2026-17',
        'Kubectl-Ir-Evidence-Number: A1',
        'Kubectl-Ir-Evidence-Number: A2',
      ]);
      expect((await verifyPath(place)).problems).to.deep.equal([]);
    }));

  it('gives a case what became known later, and custody the digest of its record', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir);
      const { err } = await runCommand(command, [dir], { 'case-number': '2026-17' });
      expect(err).to.contain('(was open before)');
      expect(await recordOf(dir)).to.include({ number: '2026-17', target: 'shop' });
      expect(await verifyPath(dir)).to.include({ verdict: 'UNSEALED', problemCount: 0 });
    }));

  it('opens a closed case again, which other commands refuse', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir);
      await runCommand(close, [dir]);
      const refused = await failureOf(openCase(memoryIo(), { dir, target: '' }));
      expect(refused.message).to.match(
        /takes no more evidence: it was closed by .* at 2026-11-22T04:15:00\.000Z$/,
      );
      expect((await runCommand(command, [dir])).err).to.contain('(opened again)');
      const opened = await openCase(memoryIo(), { dir, target: '' });
      await (await opened.startAcquisition({ kind: 'pod', target: 'x' })).finish({ outcome: 'complete' });
      await opened.close();
    }));

  it('records what is said of the incident, at once or later, and leaves a seal alone', () =>
    inSandbox(async (dir) => {
      await sampleCase(dir);
      const said = { severity: 'sev2', area: 'shop', reporter: 'the bank', seen: 'odd <b>orders</b>' };
      await runCommand(command, [dir], { ...said, detected: '2026-11-22T04:00:00+01:00' });
      await runCommand(command, [dir], { severity: 'sev1', began: '2026-11-22T02:00:00Z' });
      expect((await readCourse(dir)).course.facts).to.deep.equal({
        ...said,
        severity: 'sev1',
        began: '2026-11-22T02:00:00Z',
        detected: '2026-11-22T03:00:00Z',
      });
      expect((await verifyPath(dir)).verdict).to.equal('CONSISTENT');
      expect((await failureOf(runCommand(command, [dir], { began: 'at noon' }))).message).to.contain(
        '--began',
      );
    }));

  it('takes severity and area as the plan has them', () =>
    inSandbox(async (dir) => {
      const place = join(dir, 'case');
      await writeFile(join(dir, 'plan.yaml'), smallPlan);
      const plan = join(dir, 'plan.yaml');
      expect((await failureOf(runCommand(command, [place], { plan, severity: 'SEV3' }))).message).to.match(
        /^the plan has no severity "SEV3"; nearest: SEV1/,
      );
      expect(await recordOf(place).catch(() => 'no case')).to.equal('no case');
      await runCommand(command, [place], { plan, severity: 'sev1', area: 'shop' });
      expect((await readCourse(place)).course.facts).to.deep.equal({ severity: 'SEV1', area: 'shop' });
    }));

  it('takes one line for each detail, and one directory', () =>
    inSandbox(async (dir) => {
      const wrong = await failureOf(runCommand(command, [dir], { examiner: 'a\nPayload-Oxum: 1.1' }));
      expect(wrong).to.be.instanceOf(UsageError);
      expect((await failureOf(runCommand(command, ['a', 'b']))).message).to.equal(
        'case open takes one directory, or none: kubectl ir case open [CASE]',
      );
    }));
});
