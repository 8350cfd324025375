import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { readCustody } from '../../src/evidence/custody-log.ts';
import { command } from '../../src/subcommands/report.ts';
import type { CaseFacts } from '../../src/incident/report/facts/case.ts';
import type { Report } from '../../src/incident/report/report.ts';
import { exitCode, exitCodeOf } from '../../src/output/errors.ts';
import { archiveOf, caseWith } from '../evidence/evidence-lab.ts';
import { inSandbox } from '../evidence/sandbox.ts';
import { unreadables } from '../evidence/unreadable.ts';
import { cleanNode, containerMountTable, processItems, web } from '../findings/traces-lab.ts';
import { failureOf } from '../support/failure.ts';
import { memoryIo } from '../support/memory-io.ts';
import { runCommand } from './case/run.ts';
import { damageItem } from './timeline-lab.ts';

/** A clean node with a shell in its container that is open to somewhere. */
const shell = {
  ...cleanNode(),
  ...processItems(10, {
    in: web,
    exe: '/bin/busybox',
    args: ['<b>sh', '-i'],
    fd: { 0: 'socket:[77]', 1: 'socket:[77]' },
    mounts: containerMountTable(),
  }),
  '[root]/proc/10/net/tcp': 'sl a b c d e f g h i\n0: 0303F40A:A45C 0302F40A:115C 01 0:0 0:0 0 0 0 77 1\n',
} as Parameters<typeof caseWith>[1];

describe('report', () => {
  it('tells what was found and what is not known, the same each time, and leaves the case alone', () =>
    inSandbox(async (dir) => {
      await caseWith(dir, shell);
      const before = (await readCustody(dir)).head;
      const { code, out, err } = await runCommand(command, [dir], { output: 'html', for: 'all' });
      expect([code, err]).to.deep.equal([0, '']);
      expect(out).to.contain('NOT ISOLATED').and.contain('a program takes its input from a connection');
      expect(out).to.contain('&lt;b&gt;sh').and.not.contain('<b>sh');
      expect((await runCommand(command, [dir], { output: 'html', for: 'all' })).out).to.equal(out);
      expect((await readCustody(dir)).head).to.deep.equal(before);
    }));

  it('tells the same of the archive of a case, which is sealed', () =>
    inSandbox(async (dir) => {
      const place = join(dir, 'case');
      await caseWith(place, shell);
      const path = await archiveOf(place);
      const told = async (from: string): Promise<Record<string, unknown>> => {
        const { code, out } = await runCommand(command, [from], { output: 'json', for: 'all' });
        expect(code).to.equal(0);
        return JSON.parse(out) as Record<string, unknown>;
      };
      const [of, whole] = [await told(path), await told(place)];
      // That it was packed is recorded beside the seal, which no archive holds.
      for (const part of ['findings', 'workloads', 'timeline', 'summary', 'gaps', 'nodes'])
        expect(of[part], part).to.deep.equal(whole[part]);
      expect(of['case']).to.deep.include({ state: 'sealed', name: (whole['case'] as CaseFacts).name });
    }));

  it('is Markdown, or data in which everything is', () =>
    inSandbox(async (dir) => {
      await caseWith(dir, shell);
      const { out } = await runCommand(command, [dir], { output: 'md', for: 'all' });
      expect(out)
        .to.match(/^# Incident report: \S+\n/)
        .and.contain('### **CRITICAL** a program takes its input');
      const { out: data } = await runCommand(command, [dir], { output: 'json', for: 'all' });
      const report = JSON.parse(data) as { kind: string; findings: { counts: { critical: number } } };
      expect([report.kind, report.findings.counts.critical]).to.deep.equal(['Report', 1]);
      const refused = await failureOf(runCommand(command, [dir], { output: 'json', for: 'managers' }));
      expect(refused.message).to.contain('leave --for out');
    }));

  it('goes to a new file, never over another or into the case', () =>
    inSandbox(async (outside) => {
      const dir = join(outside, 'case');
      await caseWith(dir, shell);
      const file = join(outside, 'report.html');
      const { out } = await runCommand(command, [dir], { output: 'html', for: 'all', to: file });
      expect(out).to.equal(`${file}\n`);
      expect(await readFile(file, 'utf8')).to.match(/^<!doctype html>/);
      for (const to of [file, join(dir, 'report.html')]) {
        const refused = await failureOf(runCommand(command, [dir], { output: 'html', for: 'all', to }));
        expect(refused).to.have.property('name', 'UsageError');
        // -o is another flag here than that of archive.
        expect(refused.message).to.match(/give another file with --to$/);
      }
    }));

  for (const { what, harm, reason, mayBeWhole = false } of unreadables)
    it(`has the evidence of the others beside an acquisition ${what}, and says why not of that`, () =>
      inSandbox(async (outside) => {
        const dir = join(outside, 'case');
        await caseWith(dir, shell, {});
        const [, name = ''] = (await readdir(join(dir, 'data/acquisitions'))).sort();
        await harm(join(dir, 'data/acquisitions', name));
        const io = memoryIo();
        const ended = await runCommand(command, [dir], { output: 'json', for: 'all' }, io).then(
          ({ code }) => code,
          exitCodeOf,
        );
        const report = JSON.parse(io.out()) as Report;
        expect(report.findings.counts.critical).to.equal(1);
        expect(report.case.acquisitions.items).to.have.length(1);
        expect(report.case.unreadable.items).to.deep.equal([{ name, reason }]);
        const place = `${name}: data/acquisitions/${name}`;
        const told = report.gaps.items.filter((gap) => gap.includes(place));
        expect(told).to.have.length(1);
        expect(told[0]?.startsWith(mayBeWhole ? 'acquisition ' : 'not what was collected: ')).to.equal(true);
        expect(told[0]?.endsWith(reason)).to.equal(true);
        expect(ended).to.equal(mayBeWhole ? exitCode.partial : exitCode.verification);
      }));

  it('has the evidence of the others beside an acquisition whose tar is gone, and exits 3', () =>
    inSandbox(async (outside) => {
      const dir = join(outside, 'case');
      const audit = '[root]/var/log/kubernetes/audit.log';
      const pod = {
        kind: 'Pod',
        metadata: { uid: 'u', namespace: 'prod', name: 'web' },
        spec: { containers: [] },
      };
      const objects = {
        'live_response/kubernetes/pods/web.json': JSON.stringify(pod),
        'live_response/kubernetes/related.json': '{"bindings": [], "services": []}',
      };
      await caseWith(dir, { ...shell, ...objects }, { ...objects, [audit]: '{}' });
      const place = join(dir, 'data/acquisitions');
      const [, name = ''] = (await readdir(place)).sort();
      const tar = (await readdir(join(place, name))).find((file) => file.endsWith('.tar')) ?? '';
      await rm(join(place, name, tar));
      const { code, out, err } = await runCommand(command, [dir], { output: 'json', for: 'all' });
      expect((JSON.parse(out) as Report).findings.counts.critical).to.equal(1);
      expect([code, err]).to.deep.equal([
        3,
        `warning: acquisition ${name}: data/acquisitions/${name}/${tar} can't be read (ENOENT)\n`,
      ]);
    }));

  it('is written of a damaged case too, which it says', () =>
    inSandbox(async (outside) => {
      const dir = join(outside, 'case');
      await caseWith(dir, shell);
      await damageItem(dir, '[root]/proc/10/stat');
      const file = join(outside, 'report.md');
      const failure = await failureOf(runCommand(command, [dir], { output: 'md', for: 'all', to: file }));
      expect(failure).to.have.property('name', 'VerificationError');
      expect(await readFile(file, 'utf8')).to.contain('is not what was collected');
    }));
});
