import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { styleSheet } from '../../../../src/incident/report/html/style.ts';

describe('styleSheet', () => {
  it('is named by its digest in the policy, and loads nothing', () => {
    const { element, policy } = styleSheet();
    const text = element.toString().slice('<style>'.length, -'</style>'.length);
    const digest = createHash('sha256').update(text).digest('base64');
    expect(policy).to.equal(
      `default-src 'none'; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'`,
    );
    expect(text).not.to.match(/url\(|@import|&|</);
  });

  it('has text that can be read on its ground in both schemes and on paper, 4.5 to 1', () => {
    const schemes =
      styleSheet()
        .element.toString()
        .match(/--paper:[^}]*/g) ?? [];
    expect(schemes).to.have.length(3);
    for (const scheme of schemes) {
      const colours = Object.fromEntries(
        Array.from(scheme.matchAll(/--([a-z-]+):#([0-9a-f]+)/g), ([, name = '', value = '']) => [
          name,
          value,
        ]),
      );
      for (const [text, ground] of [
        ['ink', 'paper'],
        ['ink', 'panel'],
        ['soft', 'paper'],
        ['soft', 'panel'],
        ['accent', 'paper'],
        ...['bad', 'warn', 'good'].flatMap((tone) => [
          [tone, 'paper'],
          [tone, `${tone}-panel`],
          ['ink', `${tone}-panel`],
          ['soft', `${tone}-panel`],
        ]),
      ] as [string, string][])
        expect(contrast(colours[text] ?? '', colours[ground] ?? ''), `${text} on ${ground}`).to.be.at.least(
          4.5,
        );
    }
  });
});

/** WCAG 2.2, contrast ratio and relative luminance. */
function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(hex: string): number {
  const long = hex.length === 3 ? Array.from(hex, (digit) => digit + digit).join('') : hex;
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) => {
    const value = Number.parseInt(long.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
