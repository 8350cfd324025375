import { expect } from 'chai';
import { recurrences, type SecondLook, type Trace, traceKey } from '../../src/incident/recurrence.ts';

const look: SecondLook = {
  workload: (namespace, pod) =>
    namespace === 'prod' && pod.startsWith('shop-') ? 'prod/deployment/shop' : undefined,
  remains: () => undefined,
  unseen: () => undefined,
};
const inPod = { namespace: 'prod', pod: 'shop-1', container: 'web', node: 'node-a' } as const;
const shell: Trace = {
  kind: 'finding',
  what: 'reverse-shell',
  title: 'a shell',
  severity: 'high',
  place: { ...inPod, pid: 17 },
};
const curl: Trace = {
  kind: 'change',
  what: 'modified',
  title: 'modified /usr/bin/curl',
  place: { ...inPod, path: '/usr/bin/curl' },
  sha256: 'aa',
};
const cron: Trace = {
  kind: 'finding',
  what: 'persistence-content',
  title: 'a cron file',
  severity: 'high',
  place: { node: 'node-a', path: '/etc/cron.d/x' },
};
const moved = { ...inPod, pod: 'shop-2', node: 'node-b' } as const;
const states = (before: readonly Trace[], after: readonly Trace[], by = look): unknown[] =>
  recurrences(before, after, by).map(({ what, state }) => `${what} ${state}`);

describe('recurrences', () => {
  it('takes a finding for the same whatever its pid, in any pod that took the place of its pod', () => {
    expect(states([shell], [{ ...shell, place: { ...moved, pid: 99 } }])).to.deep.equal([
      'reverse-shell still',
    ]);
    expect(states([shell], [{ ...shell, place: { ...moved, container: 'other' } }])).to.deep.equal([
      ...['reverse-shell new', 'reverse-shell gone'],
    ]);
  });

  it('takes what is of no pod, or of a pod that the case is not about, for the same on its node only', () => {
    const elsewhere = { ...cron, place: { ...cron.place, node: 'node-b' } };
    expect(states([cron], [cron])).to.deep.equal(['persistence-content still']);
    expect(states([cron], [elsewhere])).to.deep.equal([
      'persistence-content new',
      'persistence-content gone',
    ]);
    const agent = { ...shell, place: { node: 'node-a', namespace: 'kube-system', pod: 'agent' } };
    const other = { ...agent, place: { ...agent.place, pod: 'agent-2' } };
    expect(states([agent], [other])).to.deep.equal(['reverse-shell new', 'reverse-shell gone']);
  });

  it('takes a change for the same by path, kind and content', () => {
    const again = { ...curl, place: { ...moved, path: '/usr/bin/curl' } };
    expect(states([curl], [again])).to.deep.equal(['modified still']);
    for (const other of [
      { ...again, sha256: 'bb' },
      { ...again, what: 'added' },
      { ...again, place: { ...moved, path: '/usr/bin/curl2' } },
    ])
      expect(states([curl], [other])[1]).to.equal('modified gone');
    expect(traceKey(curl, look)).to.equal(traceKey(again, look));
  });

  it('never tells as gone what was not looked at, and tells that after what is left', () => {
    const unseen = {
      ...look,
      unseen: (trace: Trace) => (trace === cron ? 'node-a was not reached' : undefined),
    };
    const told = recurrences([curl, cron, shell], [shell], unseen);
    expect(told.map(({ what, state, why }) => [what, state, why])).to.deep.equal([
      ['reverse-shell', 'still', undefined],
      ['persistence-content', 'not looked at', 'node-a was not reached'],
      ['modified', 'gone', undefined],
    ]);
  });

  it('tells one thing in several places once, with all of them, as grave as the gravest', () => {
    const [told, ...more] = recurrences(
      [shell, { ...shell, place: { ...shell.place, pid: 18 } }],
      [
        { ...shell, severity: 'low' },
        { ...shell, severity: 'critical', place: moved },
      ],
      look,
    );
    expect(more).to.deep.equal([]);
    expect([told?.severity, told?.seen.map(({ pod }) => pod)]).to.deep.equal([
      'critical',
      ['shop-1', 'shop-2'],
    ]);
  });

  it('tells as still there what lies there although no rule finds it any more', () => {
    const remains = { ...look, remains: (trace: Trace) => (trace === cron ? 'it lies there' : undefined) };
    const [told] = recurrences([cron, curl], [], remains);
    expect([told?.what, told?.state, told?.why, told?.seen]).to.deep.equal([
      ...['persistence-content', 'still', 'it lies there', [{ node: 'node-a' }]],
    ]);
  });

  it('needs every one of several places to have been looked at', () => {
    const second = { ...shell, place: { ...moved, node: 'node-c' } };
    const unseen = {
      ...look,
      unseen: ({ place }: Trace) => (place.node === 'node-c' ? 'gone away' : undefined),
    };
    expect(states([shell, second], [], unseen)).to.deep.equal(['reverse-shell not looked at']);
  });
});
