import { expect } from 'chai';
import { openWhole } from '../../../src/evidence/exhibits.ts';
import { readEvents } from '../../../src/subcommands/report/events.ts';
import { inSandbox } from '../../evidence/sandbox.ts';
import { memoryIo } from '../../support/memory-io.ts';
import { timelineCase } from '../timeline-lab.ts';

const log = '[root]/var/log/pods/prod_web_11111111-2222-3333-4444-555555555555/main/0.log';

describe('readEvents', () => {
  it('has what pods of the case did in the week before it, and how the clock was', () =>
    inSandbox(async (dir) => {
      const lines = ['2026-11-22T04:00:00Z stdout F hello', '2026-10-01T00:00:00Z stdout F long ago'];
      await timelineCase(dir, { skewMs: 0, items: { [log]: `${lines.join('\n')}\n` } });
      const { opened } = await openWhole(dir);
      const trouble = { gaps: [], damaged: [] };
      const about = { dir, name: 'ir-1', created: '2026-11-22T04:15:00Z' };
      const interest = { pods: new Set(['prod/web']), paths: new Set<string>(), runtime: new Set<string>() };
      const { signal } = new AbortController();
      const part = await readEvents(memoryIo(), about, opened, interest, trouble, signal);
      expect(part.moments.items.map(({ time, message }) => [time, message])).to.deep.equal([
        ['2026-11-22T04:00:00Z', 'stdout: hello'],
      ]);
      expect(part.moments.command).to.equal('kubectl ir timeline ir-1');
      expect(part.clocks).to.have.length(1);
      expect(part.counts.map(({ source }) => source)).to.deep.equal(['podlog']);
    }));
});
