import { expect } from 'chai';
import { FrameError } from '../../src/collector/blocks.ts';
import { parseRecord } from '../../src/collector/records.ts';

describe('parseRecord', () => {
  it('reads the four kinds of record', () => {
    expect(parseRecord('item proc symlink =%5broot%5d/a%0a =%ff -')).to.deep.equal({
      kind: 'item',
      header: {
        artifact: 'proc',
        type: 'symlink',
        name: Buffer.from('[root]/a\n'),
        target: Buffer.from([0xff]),
      },
    });
    expect(parseRecord('data 42')).to.deep.equal({ kind: 'data', length: 42 });
    expect(parseRecord('end ok 42 =')).to.deep.equal({ kind: 'end', end: { outcome: 'ok', length: 42 } });
    expect(parseRecord('over 3 7')).to.deep.equal({ kind: 'over', items: 3, exitCode: 7 });
  });

  it('makes one line of plain ASCII of a detail', () => {
    const record = parseRecord('end denied 0 =no%0a%1b%5b2J%c3%bc%20way%0a');
    expect(record).to.have.nested.property('end.detail', 'no??[2J?? way');
  });

  it('reads times before 1970 and dates without a fraction', () => {
    const facts = '41ed 0 0 0 2 1 2 -1 0 9 1969-12-31 23:59:59.500000000 +0000|1970-01-01 00:00:00|x|0 512';
    const record = parseRecord(`item a directory =d = ${facts}`);
    expect(record).to.have.nested.property('header.stat.accessed', -500_000_000n);
    expect(record).to.have.nested.property('header.stat.modified', 0n);
    expect(record).to.have.nested.property('header.stat.changed', 9_000_000_000n);
  });

  it('reads sizes and times of 64 bits, and refuses what no kernel has', () => {
    const facts = (owner: string, size: string, time: string): string =>
      `item a file =f = 81a4 ${owner} 0 ${size} 1 2 2 ${time} 0 0 -|-|-|0 512`;
    const most = '9223372036854775807';
    const record = parseRecord(facts('4294967295', most, most));
    expect(record).to.have.nested.property('header.stat.uid', 4294967295);
    expect(record).to.have.nested.property('header.stat.size', Number(most));
    expect(record).to.have.nested.property('header.stat.accessed', BigInt(most) * 1_000_000_000n);
    const endless = '9'.repeat(400);
    for (const line of [facts(endless, '0', '0'), facts('0', endless, '0'), facts('0', '0', endless)])
      expect(() => parseRecord(line)).to.throw(FrameError, 'facts of a file that cannot be read');
  });

  for (const line of [
    '',
    'data',
    'data -1',
    'data 1.5',
    'data 123456789',
    'end fine 1 =',
    'end ok 1 =a b',
    'over 1',
    'over 1 1000',
  ]) {
    it(`refuses "${line}"`, () => {
      expect(() => parseRecord(line)).to.throw(FrameError);
    });
  }

  for (const name of ['', '..', 'a/..', './a', 'a//b', '/a', 'a/', '%2e%2e/a', 'a%00']) {
    it(`refuses the name "${name}"`, () => {
      expect(() => parseRecord(`item a file =${name} = -`)).to.throw(FrameError, 'could leave its archive');
    });
  }
});
