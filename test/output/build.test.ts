import { expect } from 'chai';
import { buildInfo } from '../../src/output/build.ts';

describe('buildInfo', () => {
  it('names the version with v, the runtime, and the platform in Go words', () => {
    const info = buildInfo();
    expect(info.version).to.match(/^v\d+\.\d+\.\d+$/);
    expect(info.node).to.match(/^v22\./);
    expect(info.platform).to.match(/^linux\/(amd64|arm64)$/);
  });

  it('has no commit when it runs from its sources', () => {
    expect(buildInfo()).to.not.have.property('commit');
  });
});
