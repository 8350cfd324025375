import { expect } from 'chai';
import type { ControlFacts, ControlJudgement } from '../../../src/incident/controls/control.ts';
import { hostPathsOf, podControls } from '../../../src/incident/controls/pod-controls.ts';
import { shopFacts } from './facts-lab.ts';

function judge(id: string, facts: ControlFacts): ControlJudgement {
  const control = podControls.find((one) => one.id === id);
  if (control === undefined) throw new Error(`no control ${id}`);
  return control.judge(facts);
}

/** The fields that the first container gets in the template of its Deployment. */
function fixed(id: string, facts: ControlFacts): unknown {
  const { state, manifest } = judge(id, facts);
  expect(state).to.equal('missing');
  expect(manifest).to.deep.include({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'shop', namespace: 'prod' },
  });
  return (manifest?.['spec'] as { template: { spec: unknown } }).template.spec;
}

const account = { metadata: { name: 'default' } };

describe('controls of the pod', () => {
  const cases: readonly [id: string, missing: ControlFacts, fix: unknown, benign: ControlFacts][] = [
    [
      'privileged',
      shopFacts({ securityContext: { privileged: true } }),
      { containers: [{ name: 'web', securityContext: { privileged: false } }] },
      shopFacts({ securityContext: { privileged: false } }),
    ],
    [
      'host-namespaces',
      shopFacts({}, { hostPID: true, hostNetwork: true }),
      { hostPID: false, hostNetwork: false },
      shopFacts(),
    ],
    [
      'token',
      shopFacts({}, {}, { account, grants: [] }),
      { automountServiceAccountToken: false },
      shopFacts({}, {}, { account: { automountServiceAccountToken: false }, grants: [] }),
    ],
    [
      'run-as-non-root',
      shopFacts({ securityContext: { runAsUser: 0 } }, { securityContext: { runAsUser: 1000 } }),
      { containers: [{ name: 'web', securityContext: { runAsNonRoot: true } }] },
      shopFacts({}, { securityContext: { runAsUser: 1000 } }),
    ],
    [
      'read-only-root',
      shopFacts(),
      { containers: [{ name: 'web', securityContext: { readOnlyRootFilesystem: true } }] },
      shopFacts({ securityContext: { readOnlyRootFilesystem: true } }),
    ],
    [
      'image-digest',
      shopFacts(),
      { containers: [{ name: 'web', image: `registry.example:5000/shop@sha256:${'a'.repeat(64)}` }] },
      shopFacts({ image: `registry.example:5000/shop:1@sha256:${'b'.repeat(64)}` }),
    ],
  ];
  for (const [id, missing, fix, benign] of cases)
    it(`${id}: is missing with its fix, and in place where it is`, () => {
      expect(fixed(id, missing)).to.deep.equal(fix);
      expect(judge(id, benign).state).to.equal('in place');
    });

  it('has a positive and a benign case for every control', () => {
    expect(cases.map(([id]) => id)).to.deep.equal(podControls.map(({ id }) => id));
  });

  it('says of a pod of its own what its manifest needs, as its fields stay as they are', () => {
    const { state, manifest, byHand } = judge('read-only-root', shopFacts({}, {}, { controller: null }));
    expect([state, manifest]).to.deep.equal(['missing', undefined]);
    expect(byHand).to.match(/pod "shop-1-x" was made from.*"readOnlyRootFilesystem":true/);
  });

  it('finds the template of a CronJob', () => {
    const { manifest } = judge(
      'read-only-root',
      shopFacts({}, {}, { controller: { kind: 'CronJob', name: 'report' } }),
    );
    expect(manifest).to.deep.include({ apiVersion: 'batch/v1', kind: 'CronJob' });
    expect(manifest?.['spec']).to.have.nested.property('jobTemplate.spec.template.spec.containers');
  });

  it('never takes what was not read for not being there', () => {
    expect(judge('token', shopFacts()).state).to.equal('not looked at');
    expect(judge('token', shopFacts({}, {}, { account })).state).to.equal('not looked at');
    expect(judge('privileged', shopFacts({}, { containers: 7 })).state).to.equal('not looked at');
    const grants = [{ binding: 'rolebinding/web in namespace prod' }];
    expect(judge('token', shopFacts({}, {}, { account, grants })).state).to.equal('not meant');
    expect(judge('token', shopFacts({}, { automountServiceAccountToken: false })).state).to.equal('in place');
  });

  it('gives no digest that the pod does not tell', () => {
    const facts = shopFacts();
    const { manifest, byHand } = judge('image-digest', { ...facts, pod: { ...facts.pod, status: {} } });
    expect([manifest, byHand]).to.deep.equal([
      undefined,
      'look up the digests of its images; the pod does not tell all of them',
    ]);
  });

  it('reads the directories of the node, of whatever type the volumes are', () => {
    const volumes = [{ hostPath: { path: '/' } }, { hostPath: 7 }, 3, { emptyDir: {} }];
    expect(hostPathsOf({ volumes })).to.deep.equal(['/']);
  });
});
