import { expect } from 'chai';
import fc from 'fast-check';
import { AuditHistory } from '../../../src/incident/change/audit-history.ts';
import { configurationChanges } from '../../../src/incident/change/configuration-changes.ts';
import {
  anObject,
  at,
  auditLine,
  deployment,
  digestB,
  helmSecret,
  podOf,
  records,
  replicaSet,
} from './change-lab.ts';

const period = { since: at(2), incident: at(30), over: true };
const pod = podOf(2, 'web-2-x', { digest: digestB, minutes: 9 });
const shop = {
  pods: [pod],
  siblings: [pod, podOf(2, 'web-2-a', { minutes: 8 })],
  owners: [
    replicaSet(2, 7),
    deployment({ metadata: { annotations: { 'meta.helm.sh/release-name': 'shop' } } }),
  ],
  revisions: [replicaSet(1, 0), replicaSet(2, 7, { tty: true }), replicaSet(3, 50)],
  releases: [helmSecret(1, 0), helmSecret(2, 6), {}],
};

describe('configurationChanges', () => {
  it('puts all sources into one order, and leaves out what came before and after', () => {
    const audit = new AuditHistory({ since: at(2) });
    const policy = anObject('networking.k8s.io/v1', 'NetworkPolicy', 'p', { spec: { podSelector: {} } });
    audit.add(auditLine('create', 'networkpolicies', 'p', { responseObject: policy, stageTimestamp: at(1) }));
    audit.add(auditLine('delete', 'networkpolicies', 'p'));
    const { ranked, after, malformed } = configurationChanges(records(shop), [], audit, period);
    expect(ranked.map(({ level, change: { source, what } }) => `${level} ${source} ${what}`)).to.deep.equal([
      'own image tag moved: registry.example:5000/shop:1 was another image in pod web-2-a on node-a',
      'own helm Helm revision 1 -> 2',
      'own rollout revision 1 -> 2',
      'policy audit deleted',
    ]);
    expect([after, malformed]).to.deep.equal([1, 1]);
  });

  it('leaves nothing out of an incident that still goes on', () => {
    const { ranked, after } = configurationChanges(records(shop), [], undefined, { ...period, over: false });
    expect([ranked[0]?.change.what, after]).to.deep.equal(['revision 2 -> 3', 0]);
  });

  it('takes whatever JSON it is given for what it is', () => {
    // Members of any type, under the names that are looked for.
    const names = [
      ...[
        'metadata',
        'spec',
        'status',
        'kind',
        'name',
        'template',
        'containers',
        'data',
        'release',
        'subjects',
      ],
      ...[
        'roleRef',
        'ownerReferences',
        'managedFields',
        'fieldsV1',
        'time',
        'creationTimestamp',
        'annotations',
      ],
      ...['involvedObject', 'reason', 'imageID', 'image', 'containerStatuses', 'objectRef', 'responseObject'],
      ...[
        'deployment.kubernetes.io/revision',
        'meta.helm.sh/release-name',
        'labels',
        'podSelector',
        '__proto__',
      ],
    ];
    const texts = [
      at(5),
      'Pod',
      'ReplicaSet',
      'Deployment',
      'web',
      "'",
      '1',
      '\u001b',
      'ScalingReplicaSet',
      '{}',
    ];
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 5, withCrossShrink: true },
        fc.constantFrom<unknown>(...texts, null, 1, true, -1e308),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom(...names), tie('value'), { maxKeys: 8 }),
      ),
    }));
    const object = fc.dictionary(fc.constantFrom(...names), value, { minKeys: 1, maxKeys: 12 });
    fc.assert(
      fc.property(fc.array(object, { maxLength: 6 }), (some) => {
        const audit = new AuditHistory({ since: at(2) });
        for (const one of some) audit.add(auditLine('update', 'roles', 'x', { responseObject: one, ...one }));
        const parts = { pods: some, siblings: some, owners: some, revisions: some, objects: some };
        const all = records({ ...parts, releases: some, events: some });
        for (const { change } of configurationChanges(all, [], audit, period).ranked)
          expect(change.rollback ?? '').to.match(/^[ -~]*$/);
      }),
      { numRuns: 500 },
    );
  });

  it('finds nothing in nothing', () => {
    expect(configurationChanges(records({}), [], undefined, period)).to.deep.equal({
      ranked: [],
      after: 0,
      malformed: 0,
    });
  });
});
