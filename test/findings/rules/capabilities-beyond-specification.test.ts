import { expect } from 'chai';
import { capabilitiesBeyondSpecification } from '../../../src/findings/rules/capabilities-beyond-specification.ts';
import { processItems, seenBy, specItems, web } from '../traces-lab.ts';

describe('rule capabilities-beyond-specification', () => {
  it('names what the container was not started with', () => {
    expect(
      seenBy(capabilitiesBeyondSpecification, processItems(10, { in: web, caps: '0000000000200001' })),
    ).to.deep.equal(['high: has SYS_ADMIN beside what the container was started with']);
  });
  it('leaves what was given alone, and a program in a user namespace of its own', () => {
    expect(
      seenBy(
        capabilitiesBeyondSpecification,
        processItems(10, { in: web, caps: '0000000000000023' }),
        processItems(11, { in: web, caps: '000001ffffffffff', namespaces: { user: 9 } }),
      ),
    ).to.deep.equal([]);
  });
  it('leaves a container alone that starts as another user and may take from its bounding set', () => {
    expect(
      seenBy(
        capabilitiesBeyondSpecification,
        processItems(10, { in: web, caps: '0000000000000080' }),
        specItems(web, { process: { user: { uid: 1000 }, capabilities: { effective: [] } } }),
      ),
    ).to.deep.equal([]);
  });
});
