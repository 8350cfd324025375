import { expect } from 'chai';
import { isShadowed } from '../../src/filesystem/surroundings.ts';

const started = 1000n * 1_000_000_000n;

describe('what a mount hides', () => {
  for (const [raw, points, shadowed] of [
    ['/opt/hide', ['/opt/hide'], true],
    ['/opt/hide/tool', ['/opt/hide'], true],
    ['/opt/a/b/c/d', ['/x', '/opt/a'], true],
    ['/opt/hidden', ['/opt/hide'], false],
    ['/opt', ['/opt/hide'], false],
    ['/x/opt/hide', ['/opt/hide'], false],
    ['/hide', [], false],
    ['/a\n/b', ['/a'], false],
    ['/a\xff\n/b', ['/a\xff\n'], true],
    ['', ['/a'], false],
  ] as const)
    it(`${JSON.stringify(raw)} under ${JSON.stringify(points)}: ${shadowed ? 'yes' : 'no'}`, () =>
      expect(isShadowed(raw, { mountPoints: new Set(points), started })).to.equal(shadowed));
});
