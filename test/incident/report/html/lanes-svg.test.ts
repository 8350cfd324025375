import { expect } from 'chai';
import { lanesSvg } from '../../../../src/incident/report/html/lanes-svg.ts';

/** Places and widths of bars, and places of texts of their own. */
function drawn(...spans: { from: string; to: string; text: string }[]): { bars: string[]; texts: number } {
  const text = lanesSvg({
    kind: 'lanes',
    title: 't',
    description: 'd',
    lanes: [{ name: 'lane', spans }],
  }).toString();
  return {
    bars: Array.from(
      text.matchAll(/<rect class="bar" x="([^"]*)" y="[^"]*" width="([^"]*)"/g),
      ([, x, width]) => `${x ?? ''}+${width ?? ''}`,
    ),
    texts: (text.match(/<\/title><rect[^>]*\/><text/g) ?? []).length,
  };
}

describe('lanesSvg', () => {
  const time = (seconds: number): string => new Date(Date.UTC(2026, 10, 22) + seconds * 1000).toISOString();

  it('draws what took time as long as it took, and what took none so that it is seen', () => {
    const { bars } = drawn(
      { from: time(0), to: time(50), text: 'a' },
      { from: time(100), to: time(100), text: 'b' },
    );
    expect(bars).to.deep.equal(['110+321', '749+3']);
  });

  it('writes beside a bar only where nothing else is', () => {
    const crowd = Array.from({ length: 8 }, (_, i) => ({
      from: time(i * 10),
      to: time(i * 10 + 9),
      text: 'a long text',
    }));
    expect(drawn(...crowd).texts).to.equal(0);
    expect(
      drawn({ from: time(0), to: time(1), text: 'a' }, { from: time(100), to: time(101), text: 'b' }).texts,
    ).to.equal(2);
  });

  it('does not say the name of the lane again', () => {
    expect(drawn({ from: time(0), to: time(1), text: 'lane' }).texts).to.equal(0);
  });

  it('leaves out what has no time', () => {
    expect(drawn({ from: 'never', to: time(1), text: 'a' }).bars).to.deep.equal([]);
  });
});
