import { expect } from 'chai';
import fc from 'fast-check';
import { isDnsName, parseAct } from '../../src/containment/record-fields.ts';
import { ownerUid } from './subjects.ts';

const detach = {
  kind: 'detach',
  labels: { app: 'x' },
  owner: { kind: 'ReplicaSet', name: 'r', uid: ownerUid },
};

const safe = 'cluster-autoscaler.kubernetes.io/safe-to-evict';
const guard = { kind: 'guard', budget: true, policy: false, annotations: { [safe]: null } };

const subject = { kind: 'ServiceAccount', name: 'robot', namespace: 'prod' };
const binding = { namespace: 'prod', name: 'system:maps', uid: ownerUid, own: [{ index: 1, subject }] };
const bindings = { kind: 'bindings', bindings: [binding, { ...binding, namespace: undefined }] };
const fields = {
  labels: { a: 'b' },
  annotations: { c: 'any\ntext' },
  imagePullSecrets: ['reg'],
  secrets: [],
};
const account = { kind: 'account', name: 'robot', uid: ownerUid, fields };

describe('fields of a record', () => {
  it('are the acts we know, without anything added', () => {
    expect(parseAct({ kind: 'cut', extra: 'rm -rf /' })).to.deep.equal({ kind: 'cut' });
    expect(parseAct({ kind: 'deny', networks: ['cilium'] })).to.deep.equal({
      kind: 'deny',
      networks: ['cilium'],
    });
    expect(parseAct(guard)).to.deep.equal(guard);
    expect(parseAct({ ...detach, deletionCost: '5' })).to.deep.equal({ ...detach, deletionCost: '5' });
    expect(parseAct({ kind: 'cut', level: 'busybox routed' })).to.deep.equal({
      kind: 'cut',
      level: 'busybox routed',
    });
    expect(parseAct({ kind: 'inside', nft: true })).to.deep.equal({ kind: 'inside', nft: true });
    for (const bad of [
      undefined,
      { kind: 'cut', level: 'full' },
      { kind: 'inside', nft: 'yes' },
      'cut',
      {},
      { kind: 'reboot' },
      { ...detach, owner: { kind: 'ReplicaSet', name: '../x', uid: ownerUid } },
      { ...detach, owner: { kind: 'Cron', name: 'x', uid: ownerUid } },
      { ...detach, deletionCost: 7 },
      { kind: 'deny' },
      { ...guard, budget: 'yes' },
      { ...guard, annotations: { [safe]: 7 } },
    ])
      expect(parseAct(bad)).to.equal(undefined);
  });

  it('of an identity that was cut are names and subjects of accounts, and nothing else', () => {
    expect(parseAct({ kind: 'token', policy: 'x' })).to.deep.equal({ kind: 'token' });
    const { name, uid, own: subjects } = binding;
    const wide = { name, uid, own: subjects };
    expect(parseAct(bindings)).to.deep.equal({ kind: 'bindings', bindings: [binding, wide] });
    expect(parseAct(account)).to.deep.equal(account);
    const own = (changes: object): unknown => ({
      ...binding,
      own: [{ index: 1, subject: { ...subject, ...changes } }],
    });
    for (const bad of [
      { ...binding, name: '../clusterroles' },
      { ...binding, name: '..' },
      { ...binding, namespace: 'a/b' },
      { ...binding, uid: 'x' },
      { ...binding, own: [{ index: -1, subject }] },
      own({ kind: 'Group', name: 'system:masters' }),
      own({ namespace: '/' }),
      own({ apiGroup: 'other' }),
    ])
      expect(parseAct({ kind: 'bindings', bindings: [bad] }), JSON.stringify(bad)).to.equal(undefined);
    for (const bad of [
      { ...account, name: 'a/b' },
      { ...account, uid: 7 },
      { ...account, fields: { ...fields, labels: { 'a b': '' } } },
      { ...account, fields: { ...fields, annotations: { a: 7 } } },
      { ...account, fields: { ...fields, secrets: ['A B'] } },
      { ...account, fields: { ...fields, automount: 'yes' } },
      { ...account, fields: undefined },
    ])
      expect(parseAct(bad), JSON.stringify(bad)).to.equal(undefined);
  });

  it('never throw, whatever the JSON', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => void parseAct(value)));
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom('labels', 'owner', 'deletionCost'), (value, key) => {
        const act = parseAct({ ...detach, [key]: value });
        expect(act === undefined || act.kind === 'detach').to.equal(true);
      }),
    );
  });

  it('are names of the API or nothing', () => {
    expect(['node-a', 'a.b', 'A', '-a', 'a\nb', ''].map(isDnsName)).to.deep.equal([
      ...[true, true, false, false, false, false],
    ]);
  });
});
