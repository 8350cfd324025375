import { expect } from 'chai';
import { stripsSvg } from '../../../../src/incident/report/html/strips-svg.ts';

describe('stripsSvg', () => {
  const figure = {
    kind: 'strips',
    title: 't',
    description: 'd',
    from: '2026-11-22T04:15:00Z',
    seconds: 10,
    columns: 4,
    strips: [{ name: 'process', counts: [1, 0, 100, 0] }],
    marks: [{ time: '2026-11-22T04:15:20Z', text: 'held' }],
  } as const;

  it('is darker where there are more, and empty where there is nothing', () => {
    const opacities = Array.from(
      stripsSvg(figure)
        .toString()
        .matchAll(/fill-opacity="([^"]*)"/g),
      ([, value]) => Number(value),
    );
    expect(opacities).to.deep.equal([0.36, 1]);
  });

  it('marks what is within its time', () => {
    expect(stripsSvg(figure).toString()).to.contain('>held<');
    const outside = { ...figure, marks: [{ time: '2026-11-23T00:00:00Z', text: 'held' }] };
    expect(stripsSvg(outside).toString()).not.to.contain('held');
    expect(stripsSvg({ ...figure, from: 'never' }).toString()).not.to.contain('NaN');
  });
});
