import { expect } from 'chai';
import { unmanagedContainer } from '../../../src/findings/rules/unmanaged-container.ts';
import { seenBy, specItems, web } from '../traces-lab.ts';

describe('rule unmanaged-container', () => {
  it('finds one of no pod, and doubts another namespace of the runtime', () => {
    expect(
      seenBy(
        unmanagedContainer,
        specItems({ id: 'e'.repeat(64) }),
        specItems({ id: 'f'.repeat(64) }, { space: 'moby' }),
      ),
    ).to.deep.equal([
      'high: in namespace k8s.io of the runtime; it names no pod',
      'medium: in namespace moby of the runtime; it names no pod',
    ]);
  });
  it('leaves containers of pods alone', () => {
    expect(seenBy(unmanagedContainer, specItems(web))).to.deep.equal([]);
  });
});
