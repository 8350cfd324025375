import { expect } from 'chai';
import { Acting } from '../../src/containment/acting.ts';
import { planCut } from '../../src/containment/acts/cut.ts';
import { planDeny } from '../../src/containment/acts/deny.ts';
import { SupersededError } from '../../src/containment/superseded.ts';
import { failure } from '../fake-api/answer.ts';
import { failureOf } from '../support/failure.ts';
import { createProgress } from '../../src/output/progress.ts';
import { nodeSide } from './acts/acts-lab.ts';
import { collectorNamespace, ContainmentLab, holdingNode } from './containment-lab.ts';
import { shopSubject } from './subjects.ts';

describe('Acting', () => {
  const subject = shopSubject();
  const { collector } = holdingNode();
  let lab: ContainmentLab;
  let acting: Acting;
  beforeEach(async () => {
    lab = await ContainmentLab.start();
    acting = new Acting(lab.api, lab.io, subject, {
      collectorNamespace,
      custody: (act) => Promise.resolve(void lab.acts.push(act)),
      progress: createProgress(lab.io),
      signal: new AbortController().signal,
    });
  });
  afterEach(() => lab.close());

  const putRecord = (data: Record<string, string> = {}): void =>
    void lab.fake.put({
      ...{ apiVersion: 'v1', kind: 'ConfigMap', data: { run: acting.record.run, ...data } },
      metadata: { name: `ir-${lab.uid}`, namespace: collectorNamespace },
    });

  it('keeps what came of an act and what stands, ticks it off and tells the chain of custody', async () => {
    putRecord();
    await acting.perform(planCut(subject), nodeSide(collector));
    expect(acting.cutAt).to.be.a('number');
    expect(acting.standing).to.deep.equal(['the cut of veth9bd0b104 on node-a']);
    expect(acting.results.map(({ kind, outcome }) => [kind, outcome])).to.deep.equal([['cut', 'done']]);
    expect(lab.record())
      .to.have.nested.property('data.done\\.cut')
      .that.matches(/^done 2/);
    expect(lab.acts.map(({ result }) => result)).to.deep.equal(['cut done']);
  });

  it("does not go on when its record is another run's by now", async () => {
    putRecord({ run: 'another' });
    const error = await failureOf(acting.perform(planDeny(subject, new Map()), nodeSide(collector)));
    expect(error).to.be.instanceOf(SupersededError);
  });

  it('goes on after an act that the server refuses, and says so', async () => {
    putRecord();
    lab.fake.deny({ verb: 'create', resource: 'networkpolicies' });
    await acting.perform(planDeny(subject, new Map()), nodeSide(collector));
    expect(acting.results[0]).to.include({ kind: 'deny', outcome: 'failed' });
    expect(acting.results[0]?.detail).to.match(/cannot create resource "networkpolicies"/);
    expect(lab.io.err()).to.match(/part {3}deny .* failed: cannot create networkpolicies/);
    expect(await acting.replacement).to.equal(undefined);
  });

  it('goes on after an act that the server does not answer, and says so', async () => {
    putRecord();
    lab.fake.hold(({ path }) =>
      path.endsWith('/networkpolicies') ? new Promise(() => undefined) : undefined,
    );
    const { setTimeout: timer } = globalThis;
    // Only the act's own time is cut short, which is the first.
    let acts = 0;
    const hasty = (work: () => void, ms: number): unknown =>
      timer(work, ms === 15_000 && (acts += 1) === 1 ? 20 : ms);
    globalThis.setTimeout = hasty as typeof timer;
    try {
      await acting.perform(planDeny(subject, new Map()), nodeSide(collector));
    } finally {
      globalThis.setTimeout = timer;
    }
    expect(acting.results[0]).to.include({ kind: 'deny', outcome: 'failed', detail: 'not done within 15 s' });
  });

  it('ticks a failed act off as failed, so that no older tick tells of it', async () => {
    putRecord({ 'done.deny': 'done before' });
    lab.fake.deny({ verb: 'create', resource: 'networkpolicies' });
    await acting.perform(planDeny(subject, new Map()), nodeSide(collector));
    expect(lab.record())
      .to.have.nested.property('data.done\\.deny')
      .that.matches(/^failed 2/);
  });

  it('tells once that verdicts are not kept in the record, and when they are again', async () => {
    putRecord();
    let down = true;
    lab.fake.intercept(({ method }) =>
      down && method === 'PATCH' ? failure(503, 'ServiceUnavailable', 'starting') : undefined,
    );
    await acting.keep('HOLDS');
    await acting.keep('LEAKS');
    down = false;
    await acting.keep('HOLDS');
    await acting.keep('HOLDS');
    const [warned, again, ...more] = lab.io.err().trimEnd().split('\n');
    expect(warned).to.match(/^warning: the verdict is not in the record: .*starting$/);
    expect(again).to.equal('Record    the verdict is kept in it again');
    expect(more).to.deep.equal([]);
  });

  it('tells an act that is done and can not be ticked off as such', async () => {
    putRecord();
    lab.fake.deny({ verb: 'patch', resource: 'configmaps' });
    await acting.perform(planCut(subject), nodeSide(collector));
    expect([acting.did('cut'), acting.results[0]?.outcome]).to.deep.equal([true, 'part']);
    expect(acting.results[0]?.detail).to.match(/; not ticked off in the record: cannot patch configmaps/);
  });
});
