import { expand } from '../../scripts/files.ts';
import { expect } from 'chai';

describe('files by patterns', () => {
  it('come pattern by pattern, those of one by their names, and none twice', async () => {
    const wanted = ['scripts/test.ts', 'scripts/lane.ts', 'scripts/lanes.ts'];
    expect(await expand(['scripts/test.ts', 'scripts/lane*.ts', 'scripts/lanes.ts'])).to.deep.equal(wanted);
  });
});
