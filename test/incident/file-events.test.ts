import { expect } from 'chai';
import fc from 'fast-check';
import { parseBodyfile } from '../../src/artifacts/bodyfile.ts';
import { isMalformed } from '../../src/artifacts/lines.ts';
import type { TimelineEvent } from '../../src/incident/event.ts';
import { fileEvents } from '../../src/incident/file-events.ts';
import { placeAt } from './places.ts';

function eventsOf(line: string): TimelineEvent[] {
  return [...parseBodyfile(Buffer.from(line))].flatMap((entry) =>
    isMalformed(entry) ? [] : fileEvents(entry, placeAt('bodyfile/bodyfile.txt')),
  );
}

describe('fileEvents', () => {
  it('gives one for each moment of a file', () => {
    const found = eventsOf('0|/etc/passwd|7|-rw-r--r--|0|0|9|1763000005|1763000000|1763000000.25|0\n');
    expect(found.map(({ time, what, message, file }) => [time, what, message, file?.times])).to.deep.equal([
      ['2025-11-13T02:13:20Z', 'Content Modification Time', 'modified /etc/passwd', 'm'],
      ['2025-11-13T02:13:25Z', 'Last Access Time', 'accessed /etc/passwd', 'a'],
      ['2025-11-13T02:13:20.250000Z', 'Metadata Modification Time', 'changed /etc/passwd', 'c'],
    ]);
    expect(found[0]).to.include({ node: 'node-a', path: '/etc/passwd', dataType: 'fs:bodyfile:entry' });
  });

  it('takes equal times for one moment, and 0 for none', () => {
    const found = eventsOf('0|/x -> y|7|lrwxrwxrwx|0|0|9|1|1|0|1\n');
    expect(found).to.have.length(1);
    expect(found[0]).to.deep.include({
      what: 'Content Modification Time; Last Access Time; Creation Time',
      message: 'modified, accessed, created /x -> y',
    });
    expect(found[0]?.file?.times).to.equal('mab');
  });

  it('knows the pod of a file in the directory of one', () => {
    const uid = '9e1b4dcf-ed9c-491d-b81b-747f242e06da';
    const pods = [
      `/var/lib/kubelet/pods/${uid}/volumes/x`,
      `/var/log/pods/prod_shop_${uid}`,
      `/tmp/${uid}`,
    ].map((path) => eventsOf(`0|${path}|7|-|0|0|9|1|1|1|1\n`)[0]?.pod);
    expect(pods).to.deep.equal(['prod/shop', 'prod/shop', undefined]);
  });

  it('escapes names, and says a time that no calendar has as it is', () => {
    const [event] = eventsOf('0|/a%0A%1B[2J|7|-|0|0|9|999999999999|0|0|0\n');
    expect(event).to.include({ path: '/a\\x0a\\x1b[2J', time: '+033658-09-27T01:46:39Z' });
  });

  it('has a moment for each time, to the microsecond', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 31), fc.nat(999_999), (seconds, micros) => {
        fc.pre(seconds > 0);
        const text = `${seconds}.${String(micros).padStart(6, '0')}`;
        const [event] = eventsOf(`0|/x|7|-|0|0|9|0|${text}|0|0\n`);
        expect(Date.parse(event?.time ?? '')).to.equal(seconds * 1000 + Math.floor(micros / 1000));
      }),
    );
  });
});
