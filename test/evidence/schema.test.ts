import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { openCase } from '../../src/evidence/case.ts';
import { recordInCase } from '../../src/incident/case-course.ts';
import { moveAct, stepAct } from '../../src/incident/course-acts.ts';
import { verifyPath } from '../../src/evidence/verify.ts';
import { parseAllowedSigners } from '../../src/evidence/signature/allowed-signers.ts';
import { command as closeCommand } from '../../src/subcommands/case/close.ts';
import { command as logCommand } from '../../src/subcommands/case/log.ts';
import { command as openCommand } from '../../src/subcommands/case/open.ts';
import { command as showCommand } from '../../src/subcommands/case/show.ts';
import { command as taskCommand } from '../../src/subcommands/case/task.ts';
import { signWith } from '../../src/subcommands/signing.ts';
import { runCommand } from '../subcommands/case/run.ts';
import { makeKey, signersFile } from './signature/keys.ts';
import { memoryIo } from '../support/memory-io.ts';
import { sampleCase } from './sample.ts';
import { fileHeader, inSandbox } from './sandbox.ts';

/** What is wrong with values by a published schema. */
async function complaints(schema: string, values: readonly unknown[]): Promise<unknown[]> {
  const text = await readFile(new URL(`../../schema/${schema}.json`, import.meta.url), 'utf8');
  const validate = new Ajv2020({
    strict: true,
    allErrors: true,
    formats: { 'date-time': /^\d{4}-\d\d-\d\dT.*Z$/ },
  }).compile(JSON.parse(text) as object);
  return values.flatMap((value) => (validate(value) ? [] : (validate.errors ?? [])));
}

async function lines(path: string): Promise<unknown[]> {
  return (await readFile(path, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
}

/** A link with facts of lstat, and everything that `finish` may be told. */
async function fullAcquisition(dir: string): Promise<void> {
  const opened = await openCase(memoryIo(), { dir, target: 'x' });
  const acquisition = await opened.startAcquisition({
    kind: 'node',
    target: 'a',
    node: 'a',
    sensitive: () => true,
  });
  const stat = {
    mode: 0o120777,
    uid: 0,
    gid: 0,
    size: 1,
    links: 1,
    inode: 1n,
    device: 2n,
    accessed: -3n,
    modified: 4n,
    changed: 5n,
  };
  await acquisition.begin(fileHeader('l\n', { type: 'symlink', target: Buffer.from([255]), stat }));
  await acquisition.end({ outcome: 'ok', length: 0 });
  await acquisition.finish({
    outcome: 'partial',
    reason: 'the stream broke',
    clock: { node: '2026-11-22T04:15:00Z', responder: '2026-11-22T04:15:00Z', skewMs: -1.5, roundTripMs: 3 },
    footprint: { imagePulled: true },
    collector: {
      namespace: 'kubectl-ir',
      pod: 'ir-x',
      uid: 'u',
      node: 'a',
      image: 'busybox',
      imageID: 'busybox@sha256:0',
      containerID: 'containerd://0',
      created: '2026-11-22T04:15:00Z',
      recursiveReadOnly: true,
      changedByServer: [],
      writableMounts: 0,
    },
  });
  await opened.close();
}

describe('published schemas', () => {
  it('describe what is in a case and what verify answers', () =>
    inSandbox(async (dir) => {
      await sampleCase(join(dir, 'case'));
      await fullAcquisition(join(dir, 'case'));
      const acquisitions = join(dir, 'case/data/acquisitions');
      for (const name of await readdir(acquisitions)) {
        const record: unknown = JSON.parse(
          await readFile(join(acquisitions, name, 'acquisition.json'), 'utf8'),
        );
        expect(await complaints('acquisition', [record])).to.deep.equal([]);
        expect(await complaints('item', await lines(join(acquisitions, name, 'items.jsonl')))).to.deep.equal(
          [],
        );
      }
      expect(
        await complaints('custody-line', await lines(join(dir, 'case/data/custody.jsonl'))),
      ).to.deep.equal([]);
      const record: unknown = JSON.parse(await readFile(join(dir, 'case/data/case.json'), 'utf8'));
      expect(await complaints('case', [record])).to.deep.equal([]);
      expect(await complaints('verification', [await verifyPath(join(dir, 'case'))])).to.deep.equal([]);
    }));

  it('describe a case with all details, closed and signed, and how it is shown', () =>
    inSandbox(async (dir) => {
      const place = join(dir, 'case');
      const flags = { 'case-number': '17', 'evidence-number': ['A'], examiner: 'J', organisation: 'O' };
      const time = '2026-11-22T03:00:00+01:00';
      const incident = {
        severity: 'sev1',
        area: 'shop',
        reporter: 'R',
        seen: 'S',
        began: time,
        detected: time,
      };
      await runCommand(openCommand, [place], { ...flags, ...incident });
      await runCommand(taskCommand, [place, 'call'], { owner: 'J', due: '2h' });
      await runCommand(taskCommand, [place, 'call again']);
      const moved = { phase: 'close', decidedBy: 'J', why: 'W', plan: 'a'.repeat(64) } as const;
      await recordInCase(memoryIo(), place, new AbortController().signal, () => [
        { action: 'isolate', object: 'pod/x', result: 'HOLDS' },
        moveAct({ phase: 'recover' }),
        stepAct({ playbook: 'book', step: 'a', outcome: 'done', exit: 0, command: ['x'] }),
        moveAct({ ...moved, skipped: ['identify'], confirmed: ['C'] }),
      ]);
      await fullAcquisition(place);
      await runCommand(closeCommand, [place]);
      const key = await makeKey(dir, 'key');
      await signWith({ io: memoryIo(), global: {}, signal: new AbortController().signal }, place, key);
      const record: unknown = JSON.parse(await readFile(join(place, 'data/case.json'), 'utf8'));
      expect(await complaints('case', [record])).to.deep.equal([]);
      const output = { output: 'json' };
      const shown = JSON.parse((await runCommand(showCommand, [place], output)).out) as Record<
        string,
        object
      >;
      expect(shown['incident']).to.have.all.keys(
        ...['severity', 'area', 'reporter', 'seen', 'began', 'detected'],
        ...['phase', 'openTasks', 'doneTasks', 'playbooks', 'moments', 'times', 'malformed'],
      );
      expect(await complaints('case-status', [shown])).to.deep.equal([]);
      const log = JSON.parse((await runCommand(logCommand, [place], output)).out) as { lines: unknown[] };
      expect(await complaints('custody-log', [log])).to.deep.equal([]);
      expect(await complaints('custody-line', log.lines)).to.deep.equal([]);
      const signers = parseAllowedSigners(await readFile(await signersFile(dir, { jane: key }), 'utf8'), '');
      for (const judging of [
        undefined,
        { signers, now: memoryIo().now() },
        { signers: [], now: memoryIo().now() },
      ])
        expect(await complaints('verification', [await verifyPath(place, { judging })])).to.deep.equal([]);
    }));
});
