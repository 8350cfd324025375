import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { UsageError, VerificationError } from '../../src/output/errors.ts';
import { command } from '../../src/subcommands/timeline.ts';
import { archiveOf } from '../evidence/evidence-lab.ts';
import { inSandbox } from '../evidence/sandbox.ts';
import { failureOf } from '../support/failure.ts';
import { memoryIo } from '../support/memory-io.ts';
import { runCommand } from './case/run.ts';
import { damageItem, timelineCase } from './timeline-lab.ts';

const items = { '[root]/var/log/syslog': '2026-11-22T04:00:00Z host sshd[7]: hello\u001b\n' };
const given = { output: 'table' };

/** The directories of the acquisitions of a case. */
async function places(dir: string): Promise<string[]> {
  const place = join(dir, 'data/acquisitions');
  return (await readdir(place)).sort().map((name) => join(place, name));
}

describe('timeline', () => {
  it('prints all that has a time in order, what was done to the case too, and how clocks were taken', () =>
    inSandbox(async (dir) => {
      await timelineCase(dir, { skewMs: 60_000, items });
      const { code, out, err } = await runCommand(command, [dir], given);
      expect(out.split('\n')[1]).to.match(
        /^2026-11-22T03:59:00Z +syslog +node-a +7 +- +sshd\[7\]: hello\\x1b$/,
      );
      expect(out).to.match(/^2026-11-22T04:15:01\.000Z +custody .* acquire .*$/m);
      expect(err).to.contain('Clock     node-a: 60000 ms ahead (to 5 ms); corrected\n');
      expect(code).to.equal(0);
    }));

  it('has the same from the archive of a case, but what was done to the case since', () =>
    inSandbox(async (dir) => {
      const place = join(dir, 'case');
      await timelineCase(place, { skewMs: 60_000, items });
      const path = await archiveOf(place);
      const { code, out, err } = await runCommand(command, [path], given);
      const whole = await runCommand(command, [place], given);
      expect(code).to.equal(0);
      expect(err).to.contain('Clock     node-a: 60000 ms ahead (to 5 ms); corrected\n');
      const events = (text: string): string[] => text.split('\n').map((line) => line.replace(/ +/g, ' '));
      expect(events(whole.out)).to.include.members(events(out));
      expect(out)
        .to.match(/custody .* seal /)
        .and.contain('sshd[7]: hello');
    }));

  it('takes a time and a subject, and says when there is nothing', () =>
    inSandbox(async (dir) => {
      await timelineCase(dir, { items });
      const { out } = await runCommand(command, [dir], {
        ...given,
        to: '2026-11-22T04:00:01Z',
        subject: '7',
      });
      expect(out.split('\n')).to.have.length(3);
      const { err, code } = await runCommand(command, [dir], { ...given, subject: 'pod/none' });
      expect([err, code]).to.deep.equal([
        'Clock     node-a: not measured; times are as written\nwarning: nothing in the case has a time that was asked for\n',
        0,
      ]);
    }));

  it('shows the rest of a case with acquisitions that can not be opened or did not end, and exits 3', () =>
    inSandbox(async (dir) => {
      await timelineCase(
        dir,
        { node: 'a', items },
        { node: 'b', items },
        { node: 'c', items },
        { node: 'd', unfinished: true, items },
      );
      const [first = '', second = '', third = ''] = await places(dir);
      const newer = await readFile(join(first, 'acquisition.json'), 'utf8');
      await writeFile(join(first, 'acquisition.json'), newer.replace('kubectl-ir/v1', 'kubectl-ir/v2'));
      await writeFile(join(second, 'items.jsonl'), '{"item":\n');
      for (const name of await readdir(third)) if (name.endsWith('.tar')) await rm(join(third, name));
      const { code, out, err } = await runCommand(command, [dir], { ...given, to: '2026-11-22T04:00:01Z' });
      expect(out.split('\n').slice(1)).to.have.length(2);
      expect(out).to.match(/ d +7 /);
      expect(code).to.equal(3);
      expect(err).to.match(/whole: \S+-node-a: .* was written by a newer kubectl ir \(kubectl-ir\/v2\)\n/);
      expect(err).to.match(/whole: \S+-node-b: line 1 of .* is no item\n/);
      expect(err).to.match(/whole: \[root\]\/var\/log\/syslog: .*\.tar can't be read \(ENOENT\)\n/);
      expect(err).to.match(/whole: \S+-node-d: partial, the stream broke\n/);
    }));

  it('leaves out what is not what was collected, shows the rest, and exits 4', () =>
    inSandbox(async (dir) => {
      await timelineCase(dir, {
        items: { ...items, '[root]/var/log/messages': '2026-11-22T04:00:00Z h x: rest\n' },
      });
      await damageItem(dir, '[root]/var/log/syslog');
      const io = memoryIo();
      const error = await failureOf(runCommand(command, [dir], given, io));
      expect(error).to.be.instanceOf(VerificationError);
      expect(error.message).to.match(/^part of the case is not what was collected: item 1 /);
      expect(io.out()).to.contain('x: rest').and.not.to.contain('hello');
    }));

  it('says so when custody is broken', () =>
    inSandbox(async (dir) => {
      await timelineCase(dir, { items });
      const path = join(dir, 'data/custody.jsonl');
      await writeFile(path, (await readFile(path, 'utf8')).replace('acquire', 'acquirE'));
      const error = await failureOf(runCommand(command, [dir], given));
      expect(error.message).to.contain('custody is broken: line 2 of data/custody.jsonl');
    }));

  it('leaves nothing where it sorts, and nothing in the case', () =>
    inSandbox(async (dir) => {
      await timelineCase(dir, { items });
      await inSandbox(async (place) => {
        const before = await readdir(dir, { recursive: true });
        await runCommand(command, [dir], given, memoryIo({ env: { TMPDIR: place } }));
        expect(await readdir(place)).to.deep.equal([]);
        expect(await readdir(dir, { recursive: true })).to.deep.equal(before);
      });
    }));

  it('refuses times and subjects that are none', async () => {
    const moment = '2026-11-22T04:00:00Z';
    const none = [{ from: 'yesterday' }, { to: '2026-11-22T04:00:00' }, { subject: 'pod/' }];
    for (const flags of [
      ...none,
      { from: moment, to: moment },
      { from: moment, to: '2026-11-22T04:30:00+01:00' },
    ])
      expect(await failureOf(runCommand(command, ['x'], { ...given, ...flags }))).to.be.instanceOf(
        UsageError,
      );
    expect((await failureOf(runCommand(command, [], given))).message).to.contain('timeline takes one case');
  });
});
