import { expect } from 'chai';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCase } from '../../src/evidence/case.ts';
import { factsAct } from '../../src/incident/course-acts.ts';
import type { IncidentFacts } from '../../src/incident/course.ts';
import { incidentBegan } from '../../src/subcommands/incident-began.ts';
import { memoryIo } from '../support/memory-io.ts';

describe('the beginning of an incident', () => {
  async function beganAfter(...facts: readonly IncidentFacts[]): Promise<bigint | undefined> {
    const directory = await mkdtemp(join(tmpdir(), 'incident-'));
    try {
      const opened = await openCase(memoryIo(), { dir: join(directory, 'case'), target: 'x' });
      for (const each of facts) await opened.custody.append(factsAct(opened.name, each));
      await opened.close();
      return await incidentBegan(opened.dir);
    } finally {
      await rm(directory, { recursive: true });
    }
  }

  it('is what was said last, else when somebody noticed it, else not known', async () => {
    const noticed = { detected: '2026-11-25T04:15:00Z' };
    expect(await beganAfter()).to.equal(undefined);
    expect(await beganAfter({ severity: 'sev1' })).to.equal(undefined);
    expect(await beganAfter(noticed)).to.equal(1_795_580_100_000_000_000n);
    expect(await beganAfter({ began: '2026-11-25T04:00:00Z' }, noticed)).to.equal(1_795_579_200_000_000_000n);
    expect(await beganAfter({ began: '2026-11-25T04:00:00Z' }, { began: '2026-11-25T04:15:00Z' })).to.equal(
      1_795_580_100_000_000_000n,
    );
  });
});
