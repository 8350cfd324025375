import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Collector } from '../../../src/collector/collector.ts';
import { parseAcquisitionRecord } from '../../../src/evidence/acquisition-record.ts';
import { openCase } from '../../../src/evidence/case.ts';
import { openAcquisition } from '../../../src/evidence/reader.ts';
import { wholeDiff } from '../../../src/filesystem/diff-json.ts';
import { DiffSpool } from '../../../src/filesystem/change-log.ts';
import type { PodDiff } from '../../../src/filesystem/pod-diff.ts';
import { acquireDiff } from '../../../src/subcommands/diff/diff-acquisition.ts';
import { aPod } from '../../fake-api/builders.ts';
import { memoryIo } from '../../support/memory-io.ts';

describe('acquireDiff', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'acquire-diff-'));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  /** The diff of a pod whose container has ended, and where its acquisition lies. */
  async function acquired(
    more: Partial<Parameters<typeof acquireDiff>[3]> = {},
  ): Promise<{ readonly diff: PodDiff; readonly place: string }> {
    const opened = await openCase(memoryIo(), { dir, target: 'web' });
    const pod = aPod('web');
    const ended = { terminated: { exitCode: 0 } };
    const statuses = pod.status?.containerStatuses?.map((status) => ({ ...status, state: ended }));
    const collector = {
      identity: { node: 'node-a' },
      collect: () => Promise.resolve(),
    } as unknown as Collector;
    const diff = await acquireDiff(
      opened,
      collector,
      {
        ...pod,
        status: { ...pod.status, ...(statuses === undefined ? {} : { containerStatuses: statuses }) },
      },
      {
        containers: [],
        content: false,
        spool: new DiffSpool(),
        signal: new AbortController().signal,
        ...more,
      },
    );
    await opened.close();
    const [name = ''] = await readdir(join(dir, 'data/acquisitions'));
    return { diff, place: join(dir, 'data/acquisitions', name) };
  }

  it('keeps what was found, and calls the acquisition partial when something was not looked at', async () => {
    const { diff, place } = await acquired();
    expect(diff.containers[0]?.blind).to.have.lengthOf(1);
    const record = parseAcquisitionRecord(await readFile(join(place, 'acquisition.json'), 'utf8'));
    expect(record?.outcome).to.equal('partial');
    expect(record).not.to.have.property('footprint');
    const reader = await openAcquisition(place);
    const kept = reader.items.find((item) => item.name === 'live_response/pod-diff.json');
    expect(kept).to.include({ outcome: 'ok', size: JSON.stringify(await wholeDiff(diff)).length });
  });

  it('keeps from when to when the pod was still', async () => {
    const stillness = { from: '2026-11-22T04:15:00.000Z', to: '2026-11-22T04:15:02.000Z', whole: true };
    const { place } = await acquired({ still: async (look) => ({ result: await look(), stillness }) });
    const record = parseAcquisitionRecord(await readFile(join(place, 'acquisition.json'), 'utf8'));
    expect(record?.footprint).to.deep.equal({ freeze: stillness });
    expect(record?.options).to.include({ freeze: true });
  });
});
