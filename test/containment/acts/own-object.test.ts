import { expect } from 'chai';
import type { KubeObject } from '../../../src/cluster/objects.ts';
import {
  getObjectIfAny,
  isAsMade,
  type OwnObject,
  placeObject,
  removeObject,
} from '../../../src/containment/acts/own-object.ts';
import { failure } from '../../fake-api/answer.ts';
import { ContainmentLab } from '../containment-lab.ts';
import { uid } from '../subjects.ts';
import { refusal } from './acts-lab.ts';

const made: OwnObject = {
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name: `ir-${uid}`, namespace: 'default', labels: { 'kubectl-ir/pod-uid': uid } },
  spec: { minAvailable: 1, list: [{ a: 1 }] },
};
const ref = {
  apiVersion: 'policy/v1',
  resource: 'poddisruptionbudgets',
  namespace: 'default',
  name: `ir-${uid}`,
};

describe('an object of ours', () => {
  const { signal } = new AbortController();
  let lab: ContainmentLab;
  beforeEach(async () => {
    lab = await ContainmentLab.start();
  });
  afterEach(() => lab.close());

  it('is as made when the server only added to it', () => {
    const live = (spec: unknown, labels: object = made.metadata.labels ?? {}): KubeObject =>
      ({ ...made, metadata: { ...made.metadata, labels, uid: 'x' }, spec }) as KubeObject;
    expect(isAsMade(made, live({ minAvailable: 1, list: [{ a: 1, added: true }], more: 'x' }))).to.equal(
      true,
    );
    for (const spec of [{ minAvailable: 0, list: [{ a: 1 }] }, { minAvailable: 1, list: [] }, undefined, 7])
      expect(isAsMade(made, live(spec)), JSON.stringify(spec)).to.equal(false);
    expect(isAsMade(made, live(made.spec, {}))).to.equal(false);
  });

  it('is placed once and removed once, and only when it carries our label', async () => {
    await placeObject(lab.api, made, { signal });
    await placeObject(lab.api, made, { signal });
    const options = { uid, signal };
    expect(await removeObject(lab.api, lab.io, ref, options)).to.equal(true);
    expect(await removeObject(lab.api, lab.io, ref, options)).to.equal(false);
    lab.fake.put({ ...made, metadata: { ...made.metadata, labels: {} } });
    expect(await refusal(removeObject(lab.api, lab.io, ref, options))).to.match(/does not carry our label/);
    expect(await refusal(placeObject(lab.api, made, { signal }))).to.match(/says something else$/);
  });

  it('is absent when its kind is', async () => {
    lab.fake.intercept(() => failure(404, '', 'the server could not find the requested resource'));
    expect(await getObjectIfAny(lab.api, ref, signal)).to.equal(undefined);
  });
});
