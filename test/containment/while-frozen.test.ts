import { expect } from 'chai';
import type { CallResult, Collector } from '../../src/collector/collector.ts';
import { whileFrozen } from '../../src/containment/while-frozen.ts';
import { failureOf } from '../support/failure.ts';
import { memoryIo } from '../support/memory-io.ts';
import { fakeNode } from './fake-node.ts';
import { shopPod } from './subjects.ts';

type Answers = Readonly<Record<'freeze' | 'thaw', readonly [exitCode: number, stdout?: string]>>;

describe('work on a pod that stands still', () => {
  let said: string[];
  beforeEach(() => {
    said = [];
  });
  const node = (answers: Answers): Collector =>
    fakeNode([], ({ args: [word = ''] }): Partial<CallResult> => {
      said.push(word);
      const [exitCode, stdout = ''] = answers[word as 'freeze' | 'thaw'];
      return { exitCode, stdout: Buffer.from(stdout), stderr: 'no' };
    }).collector;
  const io = memoryIo();
  const still = (
    answers: Answers,
    use: () => Promise<string> = () => Promise.resolve(String(said.push('look'))),
    signal = new AbortController().signal,
    pod = shopPod(),
  ): ReturnType<typeof whileFrozen<string>> => whileFrozen(node(answers), pod, { io, signal }, use);
  const frozen: Answers = { freeze: [0, 'frozen 4711\n'], thaw: [0, 'thawed\n'] };

  it('is done between freeze and thaw, and says whether that lasted', async () => {
    expect((await still(frozen)).stillness)
      .to.include({ whole: true })
      .with.property('from');
    expect((await still({ ...frozen, thaw: [0] })).stillness).to.include({ whole: false });
    expect(said).to.deep.equal(['freeze', 'look', 'thaw', 'freeze', 'look', 'thaw']);
  });

  it('is done all the same where the pod cannot be frozen, and nothing is thawed then', async () => {
    expect((await still({ ...frozen, freeze: [4] })).stillness).to.deep.equal({
      why: 'somebody else has frozen it, or is about to thaw it',
    });
    expect((await still({ ...frozen, freeze: [1] })).stillness)
      .to.have.property('why')
      .that.matches(/^cannot freeze the pod on node node-a/);
    expect(said).to.deep.equal(['freeze', 'look', 'freeze', 'look']);
  });

  it('is not preceded by a freeze for which probes leave no time', async () => {
    const livenessProbe = { exec: { command: ['x'] }, periodSeconds: 1, failureThreshold: 1 };
    const pod = shopPod({ spec: { containers: [{ name: 'web', image: 'i', livenessProbe }] } });
    const { stillness } = await still(frozen, undefined, undefined, pod);
    expect(stillness).to.deep.equal({ why: 'its probes would restart a container at once' });
    expect(said).to.deep.equal(['look']);
  });

  it('is followed by the thaw also when it fails or is interrupted', async () => {
    const stopped = new AbortController();
    const fails = (): Promise<string> => {
      stopped.abort(new Error('interrupted'));
      return Promise.reject(new Error('interrupted'));
    };
    expect((await failureOf(still(frozen, fails, stopped.signal))).message).to.equal('interrupted');
    expect(said).to.deep.equal(['freeze', 'thaw']);
    expect((await failureOf(still(frozen, undefined, stopped.signal))).message).to.equal('interrupted');
    expect(said).to.deep.equal(['freeze', 'thaw', 'thaw']);
  });

  it('keeps its result when the thaw fails, which is told', async () => {
    const { result, stillness } = await still({ ...frozen, thaw: [6] });
    expect([result, 'whole' in stillness && stillness.whole]).to.deep.equal(['2', false]);
    expect(io.err()).to.match(/^warning: the pod could not be let go on; a process of ours/m);
  });
});
