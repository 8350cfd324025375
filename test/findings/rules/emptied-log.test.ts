import { expect } from 'chai';
import { emptiedLog } from '../../../src/findings/rules/emptied-log.ts';
import { matchesOf, seenBy } from '../traces-lab.ts';

const rotated = { bytes: 'x', modified: 1_795_000_000, changed: 1_795_000_010 };

describe('rule emptied-log', () => {
  it('finds a log that was emptied after its rotation', () => {
    const [match] = matchesOf(emptiedLog, {
      '[root]/var/log/secure': { bytes: '', modified: 1_795_030_000, changed: 1_795_030_000 },
      '[root]/var/log/secure-20261118': rotated,
    });
    expect(match?.seen).to.equal('emptied at 2026-11-18T19:26:40Z, long after it was rotated');
    expect(match?.severity).to.equal('medium');
    expect(match?.evidence.map(({ excerpt }) => excerpt)).to.deep.equal([
      '0 bytes, changed at 2026-11-18T19:26:40Z',
      '/var/log/secure-20261118: 1 bytes, moved there at 2026-11-18T11:06:50Z',
    ]);
  });
  it('finds a log that goes nowhere', () => {
    expect(seenBy(emptiedLog, { '[root]/var/log/wtmp': { target: '/dev/null' } })).to.deep.equal([
      'high: a link to /dev/null',
    ]);
  });
  it('says nothing of a log that is empty since its rotation, of one that never was more, and of those of programs', () => {
    expect(seenBy(emptiedLog)).to.deep.equal([]);
    expect(
      seenBy(emptiedLog, {
        '[root]/var/log/kern.log': { bytes: '', modified: 1_795_030_000, changed: 1_795_030_000 },
        '[root]/var/log/app.log': { bytes: '', modified: 1_795_030_000, changed: 1_795_030_000 },
        '[root]/var/log/app.log.1': rotated,
        '[root]/var/log/messages': { bytes: 'y', modified: 1_795_030_000, changed: 1_795_030_000 },
        '[root]/var/log/messages.1': rotated,
        '[root]/var/log/app': { target: '/dev/null' },
      }),
    ).to.deep.equal([]);
  });
});
