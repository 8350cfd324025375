import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { openAcquisitions } from '../../src/evidence/exhibits.ts';
import type { TimelineEvent } from '../../src/incident/event.ts';
import { podNames, sourcesOf, type TimelineShortfall } from '../../src/subcommands/timeline-sources.ts';
import { inSandbox } from '../evidence/sandbox.ts';
import { damageItem, noShortfall, type Planted, timelineCase } from './timeline-lab.ts';

async function eventsIn(
  planted: Planted,
  harm: (dir: string) => Promise<void> = () => Promise.resolve(),
): Promise<{ events: (TimelineEvent & { foreign?: boolean })[]; shortfall: TimelineShortfall }> {
  return inSandbox(async (dir) => {
    await timelineCase(dir, planted);
    await harm(dir);
    const shortfall = noShortfall();
    const pods = new Map<string, string>();
    const found: (TimelineEvent & { foreign?: boolean })[] = [];
    for (const acquisition of await openAcquisitions(dir)) {
      await podNames(acquisition, pods, shortfall);
      for (const { batches, foreignClock } of sourcesOf(acquisition, (uid) => pods.get(uid), shortfall))
        for await (const batch of batches)
          for (const event of batch) found.push(foreignClock === true ? { ...event, foreign: true } : event);
    }
    return { events: found, shortfall };
  });
}

const uid = '9e1b4dcf-ed9c-491d-b81b-747f242e06da';
const list = (items: unknown): string => JSON.stringify({ items });

describe('sourcesOf', () => {
  it('has processes, records, events of the API and a diff, with the names of pods', async () => {
    const { events, shortfall } = await eventsIn({
      items: {
        '[root]/proc/stat': 'cpu 1\nbtime 1763000000\n',
        '[root]/proc/17/stat': '17 (sh) S 1 1 1 0 -1 4194560 0 0 0 0 1 2 0 0 20 0 1 0 150 0 0\n',
        '[root]/proc/17/cgroup': `0::/kubepods/besteffort/pod${uid}/${'c'.repeat(64)}\n`,
        'live_response/kubernetes/pods.json': list([{ metadata: { uid, namespace: 'prod', name: 'shop' } }]),
        'live_response/kubernetes/events.json': list([
          {
            reason: 'Pulled',
            firstTimestamp: '2026-11-22T04:00:00Z',
            involvedObject: { kind: 'Pod', namespace: 'prod', name: 'shop' },
          },
        ]),
        '[root]/var/log/pods/prod_shop_x/web/0.log': '2026-11-22T04:00:00.1Z stdout F hi\n',
        'live_response/pod-diff.json': `{"pod":{"namespace":"prod","name":"shop"},"containers":[{"name":"web","changes":[{"path":"/x","change":"added","type":"file","ctime":"2026-11-22T04:00:00Z","flags":[]}]}]}`,
        '[root]/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\n',
      },
    });
    expect(events.map(({ source, pod, foreign = false }) => [source, pod, foreign])).to.deep.equal([
      ['process', 'prod/shop', false],
      ['api-event', 'prod/shop', true],
      ['podlog', 'prod/shop', false],
      ['container', 'prod/shop', false],
    ]);
    expect(shortfall).to.deep.equal(noShortfall());
  });

  it('has the audit log of an API server that was told to write it elsewhere', async () => {
    const name = '[root]/srv/api audit-2026-11-26T06-40-00.000.json.gz';
    const line = JSON.stringify({
      ...{
        kind: 'Event',
        auditID: 'a',
        stage: 'ResponseComplete',
        verb: 'create',
        user: { username: 'jane' },
      },
      ...{
        requestURI: '/api/v1/pods',
        stageTimestamp: '2026-11-22T04:15:00Z',
        responseStatus: { code: 201 },
      },
    });
    const items = { [name]: gzipSync(`${line}\n`) };
    const { events } = await eventsIn({ items, marks: { [name]: 'api-audit' } });
    expect(events.map(({ source, user }) => [source, user])).to.deep.equal([['api-audit', 'jane']]);
    expect((await eventsIn({ items, marks: { [name]: 'log' } })).events).to.deep.equal([]);
  });

  it('counts and names what is no record, and goes on', async () => {
    const { events, shortfall } = await eventsIn({
      items: {
        '[root]/var/log/syslog': 'bad\n2026-11-22T04:15:00Z host x: y\nworse\n',
        'live_response/pod-diff.json': '{"pod":{},"containers":[{"na',
        'live_response/kubernetes/events.json': 'no list',
        'bodyfile/bodyfile.txt': 'bad\n0|/x|7|-|0|0|9|1|1|1|1\n',
      },
    });
    expect(events.map(({ source }) => source)).to.deep.equal(['syslog', 'file']);
    expect(shortfall.malformed).to.deep.equal([
      '[root]/var/log/syslog: 2 of its pieces are no records; the first: no line of a system log, at byte 0',
      'live_response/pod-diff.json: 1 of its pieces is no record; the first: the diff is cut, at byte 24',
      'live_response/kubernetes/events.json: no list of the API server',
      'bodyfile/bodyfile.txt: 1 of its pieces is no record; the first: no line of a body file, at byte 0',
    ]);
  });

  it('names an item that is not what was collected, and goes on', async () => {
    const { events, shortfall } = await eventsIn(
      {
        items: {
          '[root]/var/log/syslog': '2026-11-22T04:15:00Z host x: y\n',
          '[root]/var/log/messages': '2026-11-22T04:15:00Z host x: z\n',
        },
      },
      (dir) => damageItem(dir, '[root]/var/log/syslog'),
    );
    expect(events.at(-1)?.message).to.equal('x: z');
    expect(shortfall.damaged).to.have.length(1);
    expect(shortfall.damaged[0]).to.match(/item 1 .*syslog.* is not what was collected/);
  });
});
