import { expect } from 'chai';
import fc from 'fast-check';
import { parseContainerLog } from '../../src/artifacts/container-log.ts';
import { survivesHostileBytes, survivesLongLines, survivesManyLines } from './hostile.ts';

const sample = [
  '2016-10-06T00:17:09.669794202Z stdout F The content of the log entry 1',
  '2016-10-06T02:17:09.669794203+02:00 stderr P cut ',
  '2016-10-06T00:17:10.1Z stderr F:tag ',
  '2016-10-06T00:17:10Z stdout F',
  '',
].join('\n');

describe('parseContainerLog', () => {
  it('reads whole and cut lines', () => {
    expect([...parseContainerLog(Buffer.from(sample))]).to.deep.equal([
      {
        time: '2016-10-06T00:17:09.669794202Z',
        stream: 'stdout',
        partial: false,
        message: Buffer.from('The content of the log entry 1'),
      },
      {
        time: '2016-10-06T00:17:09.669794203Z',
        stream: 'stderr',
        partial: true,
        message: Buffer.from('cut '),
      },
      { time: '2016-10-06T00:17:10.1Z', stream: 'stderr', partial: false, message: Buffer.from('') },
      { time: '2016-10-06T00:17:10Z', stream: 'stdout', partial: false, message: Buffer.from('') },
    ]);
  });

  it('gives back any message', () => {
    fc.assert(
      fc.property(
        fc.uint8Array().filter((data) => !data.includes(10)),
        (data) => {
          const line = Buffer.concat([Buffer.from('2016-10-06T00:17:09Z stdout F '), data]);
          const [one] = [...parseContainerLog(line)];
          expect(one).to.have.deep.property('message', Buffer.from(data));
        },
      ),
    );
  });

  it('tells lines that are none and goes on', () => {
    const bad = [
      'x',
      '2016-10-06T00:17:09Z',
      '2016-10-06T00:17:09Z out F x',
      '2016-10-06T00:17:09Z stdout X x',
      '2016-10-06T00:17:09Z stdout FF x',
    ];
    for (const line of bad) {
      const [first, second] = [
        ...parseContainerLog(Buffer.from(`${line}\n2016-10-06T00:17:09Z stdout F ok`)),
      ];
      expect(first, line).to.have.property('malformed');
      expect(second, line).to.have.property('stream', 'stdout');
    }
  });

  it('ends soon on lines without a blank', () => survivesManyLines(parseContainerLog, 'a\n', 4));

  it('ends soon on long lines', () => survivesLongLines(parseContainerLog, '2016-10-06T00:17:09Z stdout F '));

  it('survives hostile bytes', () => survivesHostileBytes(parseContainerLog, sample));
});
