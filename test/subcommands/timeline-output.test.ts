import { readFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import type { Merged } from '../../src/incident/merged.ts';
import { printTimeline, type Printed, type TimelineFormat } from '../../src/subcommands/timeline-output.ts';
import { eventWith } from '../incident/places.ts';
import { memoryIo } from '../support/memory-io.ts';

const clocks = [
  { node: 'node-a', correctedMs: 5, skewMs: 5, exactToMs: 1, acquisition: 'a', between: [4, 9] as const },
];
const hostile = 'x\\x1b[2J "a", |%';
const events: readonly Merged[] = [
  {
    event: eventWith({ time: '1601-01-01T00:00:00Z', assumed: 'year and zone' }),
    evidence: [],
    seen: 1,
    count: 2,
  },
  {
    event: eventWith({
      written: '2026-11-22T04:15:00.005Z',
      message: hostile,
      node: 'node-a',
      pod: 'prod/shop',
      container: 'web',
      pid: 7,
      user: 'jo',
      path: '/x',
      file: { inode: '7', mode: '-rw-r--r--', uid: 0, gid: 0, size: 1, times: 'm', md5: '0'.repeat(32) },
    }),
    evidence: [{ acquisition: 'a', item: 1, name: 'n' }, { acquisition: 'b' }],
    seen: 2,
    count: 1,
  },
];

async function printed(format: TimelineFormat, list = events): Promise<Printed & { out: string }> {
  const io = memoryIo();
  return { ...(await printTimeline(io, format, clocks, list)), out: io.out() };
}

describe('printTimeline', () => {
  it('prints a table with a mark for times that were assumed', async () => {
    const { out } = await printed('table');
    expect(out).to.equal(
      [
        'TIME                    SOURCE   WHERE           PID   USER   WHAT',
        '1601-01-01T00:00:00Z?   syslog   -               -     -      sshd[7]: hello (2 times)',
        '2026-11-22T04:15:00Z    syslog   prod/shop web   7     jo     x\\x1b[2J "a", |%',
        '',
      ].join('\n'),
    );
  });

  it('prints JSON as its schema says, also of nothing', async () => {
    const schema = await readFile(new URL('../../schema/timeline.json', import.meta.url), 'utf8');
    const validate = new Ajv2020({
      strict: true,
      allErrors: true,
      formats: { 'date-time': /^\d{4}-\d\d-\d\dT.*Z$/ },
    }).compile(JSON.parse(schema) as object);
    for (const list of [events, []]) {
      const value = JSON.parse((await printed('json', list)).out) as { items: unknown[] };
      expect(validate(value), JSON.stringify(validate.errors)).to.equal(true);
      expect(value.items).to.have.length(list.length);
    }
  });

  it('prints what other programs read, and counts what they can not hold', async () => {
    const jsonl = await printed('timesketch-jsonl');
    expect(jsonl).to.include({ printed: 1, leftOut: 1 });
    expect(JSON.parse(jsonl.out)).to.include({ message: hostile, timestamp: 1_795_320_900_000_000 });
    const csv = await printed('timesketch-csv');
    expect(csv.out.split('\r\n')).to.have.length(3);
    expect(await printed('bodyfile')).to.include({ printed: 1, leftOut: 1 });
  });

  it('prints many, each once', async () => {
    const many = Array.from({ length: 1200 }, (_, i) => ({
      event: eventWith({ message: `n${i} ${'x'.repeat(100)}` }),
      evidence: [],
      seen: 1,
      count: 1,
    }));
    for (const format of ['table', 'json', 'timesketch-jsonl', 'timesketch-csv', 'bodyfile'] as const) {
      const { out } = await printed(format, many);
      expect([...out.matchAll(/n(\d+) x/g)].map(([, number]) => Number(number))).to.deep.equal(
        many.map((_, i) => i),
      );
    }
  });
});
