import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { openCase } from '../../src/evidence/case.ts';
import type { Finding } from '../../src/findings/finding.ts';
import { createProgress } from '../../src/output/progress.ts';
import { findInCase, urgentText } from '../../src/subcommands/response-findings.ts';
import { caseWith } from '../evidence/evidence-lab.ts';
import { inSandbox } from '../evidence/sandbox.ts';
import { containerMountTable, cleanNode, processItems, web } from '../findings/traces-lab.ts';
import { failureOf } from '../support/failure.ts';
import { memoryIo } from '../support/memory-io.ts';

const shell = {
  ...cleanNode(),
  ...processItems(10, {
    in: web,
    exe: '/bin/busybox',
    args: ['sh\u001b[2J', '-i'],
    fd: { 0: 'socket:[77]', 1: 'socket:[77]' },
    mounts: containerMountTable(),
  }),
  '[root]/proc/10/net/tcp': 'sl a b c d e f g h i\n0: 0303F40A:A45C 0302F40A:115C 01 0:0 0:0 0 0 0 77 1\n',
} as Parameters<typeof caseWith>[1];

describe('findings of a response', () => {
  const finding = (dir: string, signal = new AbortController().signal) => {
    const io = memoryIo();
    const run = async () => {
      const opened = await openCase(io, { dir, target: 'node' });
      try {
        return await findInCase(opened, { io, global: {}, signal }, createProgress(io));
      } finally {
        await opened.close();
      }
    };
    return { io, result: run() };
  };

  it('are kept in the case by their schema, counted in the step, and those that are urgent a line each', () =>
    inSandbox(async (dir) => {
      await caseWith(dir, shell, { '[root]/etc/passwd': '' });
      const { io, result } = finding(dir);
      const { found, failures } = await result;
      expect(failures).to.deep.equal([]);
      expect(io.err()).to.match(/^ {3}done {3}findings {4}\S+ +1 critical; (\d+) of \d+ rules not judged\n$/);
      const text = await readFile(join(dir, 'data/findings.jsonl'), 'utf8');
      const schema = JSON.parse(
        await readFile(new URL('../../schema/finding-list.json', import.meta.url), 'utf8'),
      ) as { $id: string };
      const ajv = new Ajv2020({ strict: true }).addSchema(schema);
      const validate = ajv.getSchema(`${schema.$id}#/$defs/finding`);
      const lines = text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { next: string[] });
      expect(lines).to.have.length(1);
      expect(validate?.(lines[0]), JSON.stringify(validate?.errors)).to.equal(true);
      // Nothing of this machine's paths goes into the case.
      expect(text).to.not.contain(dir);
      expect(urgentText(found ?? { findings: [] })).to.match(
        /^SEVERITY +FINDING +SUBJECT +TECHNIQUE\nCRITICAL +a program takes .*: open to 10\.244\.2\.3:4444 +prod\/web\/main pid 10 started 11-25 [0-9:.]+ +T1059\.004$/,
      );
    }));

  it('that nothing can be read for are told as a failure, and an interrupt ends them', () =>
    inSandbox(async (dir) => {
      await caseWith(dir, shell);
      await (await openCase(memoryIo(), { dir, target: 'node' })).close();
      const interrupt = new AbortController();
      interrupt.abort(new Error('interrupted'));
      expect((await failureOf(finding(dir, interrupt.signal).result)).message).to.equal('interrupted');
      await rm(join(dir, 'data/acquisitions'), { recursive: true });
      const { io, result } = finding(dir);
      expect((await result).failures).to.have.length(1);
      expect(io.err()).to.match(/^ {3}fail {3}findings /);
    }));

  it('that flood are counted', () => {
    const one: Finding = {
      ...{ rule: 'x', title: 't', attack: [], threatMatrix: [], subject: { node: 'a' }, seen: 's' },
      ...{ evidence: [], explanation: '', refutedBy: '', next: [] },
      severity: 'high',
      confidence: 'low',
    };
    const text = urgentText({ findings: Array.from({ length: 25 }, () => one) }) ?? '';
    expect(text.split('\n')).to.have.length(22);
    expect(text).to.match(/\n5 more like these$/);
    expect(urgentText({ findings: [{ ...one, severity: 'medium' }] })).to.equal(undefined);
  });
});
