import { expect } from 'chai';
import type { ConfigMap, Pod } from '../../src/cluster/objects.ts';
import type { Proven } from '../../src/containment/proof.ts';
import { proveAgain } from '../../src/containment/prove-again.ts';
import { parseRecord } from '../../src/containment/record.ts';
import { ContainmentLab, holdingNode } from './containment-lab.ts';
import { type Call, fakeNode, flowsOutput, ordinaryLink } from './fake-node.ts';

describe('proveAgain', () => {
  let lab: ContainmentLab;
  let worked: Set<string>;
  beforeEach(async () => {
    lab = await ContainmentLab.start();
    const { verification } = await lab.isolate(holdingNode().collector);
    worked = new Set(verification.checks.filter(({ before }) => before === 'works').map(({ flow }) => flow));
  });
  afterEach(() => lab.close());

  /** Measures it on a node where so many packets of each flow pass the cut. */
  const again = async (passed: number): Promise<{ proven: Proven; calls: Call[] }> => {
    const { collector, calls } = fakeNode(['nft'], ({ script }) => {
      if (script === 'pod-link') return { stdout: ordinaryLink };
      return script === 'flows' ? { stdout: flowsOutput(9, passed, []) } : undefined;
    });
    const found = parseRecord(lab.record() as ConfigMap);
    const options = { collector, pods: { gaps: [] }, worked, signal: new AbortController().signal };
    const pod = lab.livePod() as unknown as Pod;
    return { proven: await proveAgain(lab.api, lab.io, pod, found, options), calls };
  };

  it('measures with counters alone, changes nothing in the cluster, and takes the counters away', async () => {
    const before = lab.fake.requests.length;
    const { proven, calls } = await again(0);
    expect(proven.leaks).to.deep.equal([]);
    expect(proven.checks.filter(({ judged, after }) => judged && after === 'fails')).not.to.deep.equal([]);
    expect(calls.map(({ script }) => script)).to.deep.equal([
      ...['pod-link', 'flows', 'flows', 'elsewhere', 'nft-unload', 'inside-remove'],
    ]);
    expect(calls.at(-2)?.args).to.include(`ir-count-${lab.uid}`).and.not.include(`ir-cut-${lab.uid}`);
    expect(new Set(lab.fake.requests.slice(before).map(({ method }) => method))).to.deep.equal(
      new Set(['GET']),
    );
  });

  it('sees a cut that is not there any more', async () => {
    const { proven } = await again(9);
    expect([proven.verdict, proven.leaks.map(({ passed }) => passed)]).to.deep.equal(['LEAKS', [true, true]]);
  });
});
