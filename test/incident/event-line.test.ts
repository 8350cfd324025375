import { expect } from 'chai';
import fc from 'fast-check';
import { eventLine, mergedEvents } from '../../src/incident/event-line.ts';
import { eventWith } from './places.ts';
import { anyText } from '../support/any-text.ts';

const merged = (lines: readonly string[], lost: readonly number[] = []) => [
  ...mergedEvents([...lines].sort(), (item) =>
    lost.includes(item) ? undefined : { acquisition: 'a', item, name: `i${item}` },
  ),
];

describe('lines of events', () => {
  const hello = eventWith();
  const other = eventWith({ time: '2026-11-22T04:15:00.5Z', message: 'tab\tnewline\n' });

  it('give back the events in the order of time', () => {
    const found = merged([eventLine(other, 1), eventLine(hello, 2)]);
    expect(found.map(({ event }) => event)).to.deep.equal([hello, other]);
    expect(eventLine(other, 1)).not.to.contain('\n');
  });

  it('count the same event within one item, not over several', () => {
    const [one, ...more] = merged([1, 1, 2, 2, 2, 3].map((item) => eventLine(hello, item)));
    expect(more).to.deep.equal([]);
    expect(one).to.deep.include({ seen: 3, count: 3 });
    expect(one?.evidence.map(({ item }) => item)).to.deep.equal([1, 2, 3]);
  });

  it('leave out what a damaged item told', () => {
    const lines = [eventLine(hello, 1), eventLine(hello, 2), eventLine(other, 1)];
    expect(merged(lines, [1]).map(({ event, seen }) => [event.message, seen])).to.deep.equal([
      [hello.message, 1],
    ]);
  });

  it('name few of many items', () => {
    const [one] = merged(Array.from({ length: 30 }, (_, item) => eventLine(hello, item)));
    expect([one?.seen, one?.evidence.length]).to.deep.equal([30, 8]);
  });

  it('lose and change nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyText(), fc.nat(3)), { maxLength: 30 }), (texts) => {
        const events = texts.map(([message, item]) => [eventWith({ message }), item] as const);
        const found = merged(events.map(([event, item]) => eventLine(event, item)));
        expect(new Set(found.map(({ event }) => event.message))).to.deep.equal(
          new Set(texts.map(([text]) => text)),
        );
        expect(found).to.have.length(new Set(texts.map(([text]) => text)).size);
      }),
    );
  });
});
