import { expect } from 'chai';
import { readRota } from '../../../src/incident/plan/rota-reading.ts';
import { rotaOf, weekly } from './rota-lab.ts';

describe('readRota', () => {
  it('reads what is sound and leaves out what is not', () => {
    const layers = [
      weekly,
      { ...weekly, turnDays: 1.5 },
      { ...weekly, days: [] },
      { ...weekly, days: ['sun'] } as const,
    ];
    const { read, problems } = readRota(rotaOf({ layers }));
    expect(problems.map(({ path, message }) => `${path.join('.')}: ${message}`)).to.deep.equal([
      'layers.1.turnDays: a turn of 1.5 days cannot be; take 1 to 366',
      'layers.2.days: days are some of mon, tue, wed, thu, fri, sat, sun',
    ]);
    expect(read.layers).to.have.length(2);
    expect(read.layers[0]).to.not.have.property('hours');
    expect([...(read.layers[1]?.hours?.days ?? [])]).to.deep.equal([7]);
  });

  it('reads a zone that it does not know as UTC, so that the rest can be judged', () => {
    expect(readRota(rotaOf({ timeZone: 'Mars/Base', layers: [weekly] })).read.zone).to.equal('UTC');
  });
});
