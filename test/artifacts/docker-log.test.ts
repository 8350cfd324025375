import { expect } from 'chai';
import { parseDockerLog } from '../../src/artifacts/docker-log.ts';
import { survivesHostileBytes, survivesLongLines } from './hostile.ts';

const sample = `{"log":"hello\\u001b[2J\\n","stream":"stdout","time":"2026-11-22T04:15:00.123456789Z"}
{"log":"cut","stream":"stderr","time":"2026-11-22T04:15:01Z"}
{"log":7,"stream":"stderr","time":"2026-11-22T04:15:01Z"}
`;

describe('parseDockerLog', () => {
  it('reads whole, cut and wrong lines', () => {
    expect([...parseDockerLog(Buffer.from(sample))]).to.deep.equal([
      {
        time: '2026-11-22T04:15:00.123456789Z',
        stream: 'stdout',
        partial: false,
        message: Buffer.from('hello\u001b[2J'),
      },
      { time: '2026-11-22T04:15:01Z', stream: 'stderr', partial: true, message: Buffer.from('cut') },
      { malformed: 'no line of a docker log', offset: sample.indexOf('{"log":7') },
    ]);
  });

  it('ends soon on long lines', () => survivesLongLines(parseDockerLog, '{"log":"'));

  it('survives hostile bytes', () => survivesHostileBytes(parseDockerLog, sample));
});
