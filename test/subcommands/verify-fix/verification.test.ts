import { expect } from 'chai';
import type { Pod } from '../../../src/cluster/objects.ts';
import type { Trace } from '../../../src/incident/recurrence.ts';
import type { IsolationNow } from '../../../src/subcommands/verify-fix/look.ts';
import { type Both, isMeant, verifyFix } from '../../../src/subcommands/verify-fix/verification.ts';
import { aPod } from '../../fake-api/builders.ts';

const shop = 'prod/deployment/shop';
const live = {
  workloads: new Map([
    ['prod/shop-1', shop],
    ['prod/shop-2', shop],
  ]),
  pods: new Map([[shop, [onNode('shop-2', 'node-b')]]]),
  lacking: new Map<string, string>(),
};
const curl: Trace = {
  kind: 'change',
  what: 'modified',
  title: 'modified /usr/bin/curl',
  place: { node: 'node-a', namespace: 'prod', pod: 'shop-1', container: 'app', path: '/usr/bin/curl' },
  sha256: 'aa',
};
const shell: Trace = {
  kind: 'finding',
  what: 'reverse-shell',
  title: 'a shell',
  severity: 'medium',
  place: { node: 'node-a', namespace: 'prod', pod: 'shop-1', container: 'app' },
};
const cron: Trace = {
  ...shell,
  what: 'persistence-content',
  severity: 'high',
  place: { node: 'node-a', path: '/etc/cron.d/x' },
};
const pod = { namespace: 'prod', name: 'shop-1', uid: 'u', node: 'node-a' };
const isolation = (state: IsolationNow['state']): IsolationNow => ({ pod, state, reasons: [], drift: [] });

function onNode(name: string, nodeName: string): Pod {
  const made = aPod(name);
  return {
    ...made,
    metadata: { ...made.metadata, namespace: 'prod' },
    spec: { containers: [], ...made.spec, nodeName },
  };
}

/** Everything was looked at and nothing was found again, but for what a test changes. */
function both(
  changes: Partial<Omit<Both, 'after'>> & { readonly after?: Partial<Both['after']> } = {},
): Both {
  const compared = { namespace: 'prod', pod: 'shop-2', container: 'app', blind: [] };
  return {
    before: { findings: [shell, cron], changes: { changes: [curl], containers: [] } },
    live,
    nodes: [
      { node: 'node-a', pods: [] },
      { node: 'node-b', pods: [{ namespace: 'prod', name: 'shop-2' }] },
    ],
    isolations: [isolation('HOLDS')],
    ...changes,
    after: {
      findings: [],
      changes: { changes: [], containers: [compared] },
      judgement: { notJudged: [], incomplete: [] },
      files: new Map(),
      ...changes.after,
    },
  };
}

const told = (what: Both): Record<string, string> =>
  Object.fromEntries(verifyFix(what).traces.map((one) => [one.what, one.why ?? one.state]));

describe('verifyFix', () => {
  it('says FIXED when all was looked at and nothing is left', () => {
    expect(verifyFix(both()).verdict).to.equal('FIXED');
    expect(told(both())).to.deep.equal({
      ...{ modified: 'gone', 'reverse-shell': 'gone', 'persistence-content': 'gone' },
    });
  });

  it('says LEFT when a trace is there again, also in a pod that took the place', () => {
    const again = { ...curl, place: { ...curl.place, pod: 'shop-2', node: 'node-b' } };
    const verification = verifyFix(both({ after: { changes: { changes: [again], containers: [] } } }));
    expect([verification.verdict, verification.traces[0]?.state]).to.deep.equal(['LEFT', 'still']);
  });

  it('takes no file on a node for gone because the rule needs the pod that wrote it', () => {
    const file = { name: '[root]/etc/cron.d/x', sha256: 'cc' };
    const place = { ...cron.place, namespace: 'prod', pod: 'shop-1' };
    const before = { findings: [{ ...cron, place, file }], changes: { changes: [], containers: [] } };
    const now = (found: object | undefined): string[] => {
      const files = new Map(
        found === undefined ? [] : [[`node-a ${file.name}`, found as { outcome: string }]],
      );
      const { verdict, traces } = verifyFix(both({ before, after: { files } }));
      return [verdict, traces[0]?.state ?? '', traces[0]?.why ?? ''];
    };
    expect(now({ outcome: 'ok', sha256: 'cc' })).to.deep.equal([
      ...[
        'LEFT',
        'still',
        '/etc/cron.d/x is on node-a with the same content, though the rule does not match any more',
      ],
    ]);
    expect(now({ outcome: 'ok', sha256: 'dd' })).to.deep.equal([
      ...['UNSEEN', 'not looked at', '/etc/cron.d/x is on node-a with other content (ok); look at it'],
    ]);
    expect(now({ outcome: 'denied' }).slice(0, 2)).to.deep.equal(['UNSEEN', 'not looked at']);
    expect(now({ outcome: 'vanished' }).slice(0, 2)).to.deep.equal(['FIXED', 'gone']);
    expect(now(undefined).slice(0, 2)).to.deep.equal(['FIXED', 'gone']);
  });

  it('says LEFT for an isolation that leaks or is not there, and UNSEEN for one that was not measured', () => {
    const verdicts = (['LEAKS', 'open', 'UNVERIFIED', 'not looked at', 'gone', 'released'] as const).map(
      (state) => verifyFix(both({ isolations: [isolation(state)] })).verdict,
    );
    expect(verdicts).to.deep.equal(['LEFT', 'LEFT', 'UNSEEN', 'UNSEEN', 'FIXED', 'FIXED']);
  });

  it('tells nothing as gone on a node that was not looked at, and nothing of a rule that was not judged', () => {
    const away = both({ nodes: [{ node: 'node-a', why: 'NotReady', pods: [] }, ...both().nodes.slice(1)] });
    expect(told(away)).to.deep.equal({
      ...{
        modified: 'gone',
        'reverse-shell': 'node node-a: NotReady',
        'persistence-content': 'node node-a: NotReady',
      },
    });
    expect(verifyFix(away)).to.deep.include({ verdict: 'UNSEEN', unseen: ['node node-a: NotReady'] });
    const lack = { rule: 'reverse-shell', node: 'node-b', reason: 'no sockets' };
    const notJudged = both({
      after: { judgement: { notJudged: [{ ...lack, lack: 'missing', next: '' }], incomplete: [] } },
    });
    expect(told(notJudged)).to.include({ 'reverse-shell': 'no sockets', 'persistence-content': 'gone' });
    const less = both({ after: { judgement: { notJudged: [], incomplete: [{ ...lack, items: 1 }] } } });
    expect([verifyFix(less).verdict, told(less)['reverse-shell']]).to.deep.equal(['UNSEEN', 'no sockets']);
  });

  it('tells no change as gone from containers that were not compared, or not wholly', () => {
    const pods = [{ namespace: 'prod', name: 'shop-2', why: 'the stream broke' }];
    const broken = both({ nodes: [both().nodes[0] ?? { node: '', pods: [] }, { node: 'node-b', pods }] });
    expect(told(broken)['modified']).to.equal('pod prod/shop-2: the stream broke');
    const blind = { namespace: 'prod', pod: 'shop-2', container: 'app', blind: ['layers: gVisor'] };
    const partly = both({ after: { changes: { changes: [], containers: [blind] } } });
    expect(told(partly)['modified']).to.equal('container app of pod prod/shop-2: layers: gVisor');
    const cut = both({ after: { changes: { changes: [], containers: [], cut: 'too many' } } });
    expect([told(cut)['modified'], verifyFix(cut).verdict]).to.deep.equal(['too many', 'UNSEEN']);
  });

  it('tells nothing as gone while no pod took the place of that of the case', () => {
    const none = both({ live: { ...live, pods: new Map(), lacking: new Map([[shop, 'it runs no pod']]) } });
    expect(told(none)).to.deep.equal({
      ...{ modified: 'it runs no pod', 'reverse-shell': 'it runs no pod', 'persistence-content': 'gone' },
    });
    const deleted = both({ live: { ...live, pods: new Map() } });
    expect(verifyFix(deleted).verdict).to.equal('FIXED');
  });

  it('tells what is new and grave, counts other changes, and leaves out what every node has', () => {
    const fresh = { ...cron, place: { node: 'node-b', path: '/etc/cron.d/y' } };
    const quiet = { ...shell, what: 'writable-node-path', place: { ...shell.place, pod: 'shop-2' } };
    const agent = { ...shell, place: { node: 'node-a', namespace: 'kube-system', pod: 'agent' } };
    const log = { ...curl, place: { ...curl.place, path: '/var/log/x' } };
    const verification = verifyFix(
      both({
        after: {
          findings: [fresh, quiet, agent],
          changes: { changes: [log], containers: both().after.changes.containers },
        },
      }),
    );
    expect(
      verification.traces.filter(({ state }) => state === 'new').map(({ place }) => place),
    ).to.deep.equal([fresh.place]);
    expect([verification.verdict, verification.otherChanges]).to.deep.equal(['LEFT', 1]);
    expect([isMeant(quiet, live), isMeant(agent, live)]).to.deep.equal([true, false]);
  });
});
