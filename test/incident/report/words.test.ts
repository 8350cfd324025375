import { expect } from 'chai';
import {
  code,
  codes,
  durationText,
  isGrave,
  subjectText,
  timeText,
} from '../../../src/incident/report/words.ts';

describe('words', () => {
  it('are times to the second, and what is none as it is', () => {
    expect(timeText('2026-11-22T04:15:00.123456789Z')).to.equal('2026-11-22 04:15:00 UTC');
    expect(timeText('yesterday')).to.equal('yesterday');
  });

  it('are durations in the unit that fits', () => {
    const texts = [0.04, 5.44, 59.4, 600, 3600, 5400, 86_400, 100_000].map(durationText);
    expect(texts).to.deep.equal(['0 s', '5.4 s', '59 s', '10 min', '1 h', '1 h 30 min', '1 d', '1 d 3 h']);
  });

  it('are code, or a dash', () => {
    expect([code('a'), code(undefined), codes([]), codes(['a', 'b'])]).to.deep.equal([
      [{ code: 'a' }],
      '-',
      '-',
      [{ code: 'a' }, ', ', { code: 'b' }],
    ]);
  });

  it('are subjects on one line', () => {
    expect(subjectText({ node: 'n' })).to.equal('node');
    expect(subjectText({ node: 'n', namespace: 'prod', pod: 'web', pid: 0, path: '/x' })).to.equal(
      'prod/web pid 0 /x',
    );
    expect([isGrave({ severity: 'high' }), isGrave({ severity: 'medium' })]).to.deep.equal([true, false]);
  });
});
