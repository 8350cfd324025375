import { expect } from 'chai';
import type { Pod } from '../../../src/cluster/objects.ts';
import { type Sibling, siblingsOf, siblingText } from '../../../src/containment/facts/sibling.ts';
import { aPod } from '../../fake-api/builders.ts';

describe('siblingsOf', () => {
  const pod = (name: string, namespace: string, account: string, digest: string, phase = 'Running'): Pod => {
    const base = aPod(name);
    const status = base.status?.containerStatuses?.[0];
    if (status === undefined) throw new Error('no container');
    return {
      ...base,
      metadata: { name, namespace, uid: name },
      spec: { containers: [], serviceAccountName: account },
      status: {
        phase,
        containerStatuses: [{ ...status, name: 'web', imageID: `x@sha256:${digest.repeat(64)}` }],
      },
    };
  };

  it('share the service account within the namespace, or the image digest anywhere', () => {
    const suspect = pod('suspect', 'prod', 'shop', 'a');
    const others = [
      suspect,
      pod('both', 'prod', 'shop', 'a'),
      pod('account', 'prod', 'shop', 'b'),
      pod('image', 'dev', 'shop', 'a'),
      pod('none', 'dev', 'shop', 'b'),
      pod('ended', 'prod', 'shop', 'a', 'Succeeded'),
    ];
    expect(siblingsOf(suspect, others)).to.deep.equal([
      { namespace: 'prod', name: 'both', shares: ['service account', 'image of web'] },
      { namespace: 'prod', name: 'account', shares: ['service account'] },
      { namespace: 'dev', name: 'image', shares: ['image of web'] },
    ]);
  });

  it('are counted by what they share, the first of them named', () => {
    const sibling = (name: string): Sibling => ({ namespace: 'prod', name, shares: ['image of web'] });
    expect(siblingText(['a', 'b', 'c', 'd', 'e', 'f'].map(sibling))).to.deep.equal([
      'image of web with 6 pods: prod/a, prod/b, prod/c, prod/d, prod/e and 1 more',
    ]);
    expect(siblingText([])).to.deep.equal([]);
  });
});
