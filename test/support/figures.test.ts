import { expect } from 'chai';
import { figureRow } from './figures.ts';

describe('figureRow', () => {
  it('is a row of docs/measurements.md', () => {
    expect(figureRow('peak memory', '140 MiB')).to.equal('| peak memory | 140 MiB | |');
    expect(figureRow('1 GiB', '8.8 s', '`kubectl` 9.5 s')).to.equal('| 1 GiB | 8.8 s | `kubectl` 9.5 s |');
  });
});
