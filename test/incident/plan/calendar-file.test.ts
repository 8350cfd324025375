import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadCalendar } from '../../../src/incident/plan/calendar-file.ts';
import { OperationError } from '../../../src/output/errors.ts';
import { failureOf } from '../../support/failure.ts';
import { rotaOf, weekly } from './rota-lab.ts';

const time = { from: Date.parse('2026-01-01T00:00Z'), to: Date.parse('2026-02-01T00:00Z') };
const event = 'BEGIN:VEVENT\r\nSUMMARY:ann\r\nDTSTART:20260105T090000\r\nDURATION:PT1H\r\nEND:VEVENT\r\n';

describe('loadCalendar', () => {
  let dir = '';
  before(async () => (dir = await mkdtemp(join(tmpdir(), 'kubectl-ir-calendar-'))));
  after(() => rm(dir, { recursive: true }));
  const load = (calendar: string): ReturnType<typeof loadCalendar> =>
    loadCalendar(rotaOf({ calendar }), join(dir, 'ir-plan.yaml'), [], time);

  it('reads the file beside the plan, on the clocks of the rota', async () => {
    await writeFile(join(dir, 'rota.ics'), `BEGIN:VCALENDAR\r\n${event}END:VCALENDAR\r\n`);
    const begin = Date.parse('2026-01-05T08:00Z');
    expect(await load('rota.ics')).to.deep.equal({
      ...time,
      claims: [{ person: 'ann', from: begin, to: begin + 3_600_000 }],
      problems: [],
    });
    expect(await loadCalendar(rotaOf({ layers: [weekly] }), dir, [], time)).to.equal(undefined);
  });

  it('names the file and the rota when it is not there, no file, or too large', async () => {
    await writeFile(join(dir, 'large.ics'), Buffer.alloc(1024 * 1024 + 1));
    for (const [name, wanted] of [
      ['none.ics', /^reading the calendar .*none\.ics of rota "infra": .*ENOENT/],
      ['.', /EISDIR/],
      ['large.ics', /large\.ics of rota "infra": it is larger than 1024 KiB$/],
    ] as const) {
      const error = await failureOf(load(name));
      expect(error).to.be.instanceOf(OperationError);
      expect(error.message).to.match(wanted);
    }
  });
});
