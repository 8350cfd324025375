import { expect } from 'chai';
import { openAcquisitions } from '../../src/evidence/exhibits.ts';
import { SortedLines } from '../../src/evidence/sorted-lines.ts';
import { mergedEvents } from '../../src/incident/event-line.ts';
import type { Merged } from '../../src/incident/merged.ts';
import { type Gathered, gatherEvents, type TimelineChoice } from '../../src/subcommands/timeline-gather.ts';
import { inSandbox } from '../evidence/sandbox.ts';
import { damageItem, noShortfall, type Planted, timelineCase } from './timeline-lab.ts';

async function gathered(
  planted: readonly Planted[],
  choice: TimelineChoice = {},
  harm: (dir: string) => Promise<void> = () => Promise.resolve(),
): Promise<{ found: Merged[]; about: Gathered }> {
  return inSandbox(async (dir) => {
    await timelineCase(dir, ...planted);
    await harm(dir);
    const lines = new SortedLines(dir);
    const { signal } = new AbortController();
    const about = await gatherEvents(dir, await openAcquisitions(dir), choice, lines, noShortfall(), signal);
    const found = [...mergedEvents(lines.read(), about.evidenceOf)];
    return { found: found.filter(({ event }) => event.source !== 'custody'), about };
  });
}

const log = (...times: string[]): Planted['items'] => ({
  '[root]/var/log/syslog': times.map((time) => `${time} host x: y\n`).join(''),
});

describe('gatherEvents', () => {
  it('corrects the clock of a node, and of the API does not', async () => {
    const items = {
      ...log('2026-11-22T05:15:00.5Z'),
      'live_response/kubernetes/events.json': JSON.stringify({
        items: [{ reason: 'x', firstTimestamp: '2026-11-22T05:00:00Z' }],
      }),
    };
    const { found, about } = await gathered([{ skewMs: 3_600_000, items }]);
    expect(found.map(({ event: { time, written } }) => [time, written])).to.deep.equal([
      ['2026-11-22T04:15:00.5Z', '2026-11-22T05:15:00.5Z'],
      ['2026-11-22T05:00:00Z', undefined],
    ]);
    expect(about.clocks.map(({ node, correctedMs }) => [node, correctedMs])).to.deep.equal([
      ['node-a', 3_600_000],
    ]);
  });

  it('corrects by what was measured first when a clock was set during the collection, and says so', async () => {
    const items = log('2026-11-22T05:15:00Z');
    const { found, about } = await gathered([{ skewMs: 3_600_000, skewAfterMs: 20, items }]);
    expect(found.map(({ event }) => event.time)).to.deep.equal(['2026-11-22T04:15:00Z']);
    expect(about.clocks.map(({ between }) => between)).to.deep.equal([[20, 3_600_000]]);
  });

  it('has the same record of two acquisitions once, also when the skew differs a little', async () => {
    const items = log('2026-11-22T05:15:00Z');
    const { found } = await gathered([
      { skewMs: 1_000, items },
      { skewMs: 1_003, items },
      { node: 'node-b', items },
    ]);
    expect(found.map(({ event, seen, evidence }) => [event.node, seen, evidence.length])).to.deep.equal([
      ['node-a', 2, 2],
      ['node-b', 1, 1],
    ]);
  });

  it('lets through the time and the subject that are wanted', async () => {
    const items = {
      ...log('2026-11-22T04:00:00.000Z', '2026-11-22T04:05:00Z', '2026-11-22T04:10:00.000Z'),
      '[root]/var/log/pods/prod_shop_x/web/0.log': '2026-11-22T04:05:00Z stdout F hi\n',
    };
    const between = { from: '2026-11-22T04:00:00Z', to: '2026-11-22T04:10:00Z' };
    const { found } = await gathered([{ items }], between);
    expect(found.map(({ event }) => event.time)).to.deep.equal([
      '2026-11-22T04:00:00.000Z',
      '2026-11-22T04:05:00Z',
      '2026-11-22T04:05:00Z',
    ]);
    const { found: ofPod } = await gathered([{ items }], {
      ...between,
      subject: { kind: 'pod', name: 'shop' },
    });
    expect(ofPod.map(({ event }) => event.message)).to.deep.equal(['stdout: hi']);
  });

  it('counts what has no time of a calendar, and what was assumed', async () => {
    const items = {
      '[root]/var/log/syslog': 'Nov 21 04:15:00 host x: y\nFoo 21 04:15:00 host x: y\n',
      'bodyfile/bodyfile.txt': '0|/x|7|-|0|0|9|999999999999|0|0|0\n',
    };
    const { found, about } = await gathered([{ items }]);
    expect(found.map(({ event }) => event.time)).to.deep.equal(['2026-11-21T04:15:00Z']);
    expect(about).to.include({ timeless: 2, assumed: 1 });
  });

  it('leaves out what an item told that is not what was collected', async () => {
    const items = {
      ...log('2026-11-22T04:15:00Z'),
      '[root]/var/log/messages': '2026-11-22T04:15:00Z host x: z\n',
    };
    const { found } = await gathered([{ items }], {}, (dir) => damageItem(dir, '[root]/var/log/syslog'));
    expect(found.map(({ event }) => event.message)).to.deep.equal(['x: z']);
  });
});
