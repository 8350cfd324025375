import { expect } from 'chai';
import type { Pod } from '../../src/cluster/objects.ts';
import { type GroupPlan, planTogether } from '../../src/containment/look-together.ts';
import { InterruptedError } from '../../src/output/errors.ts';
import { failureOf } from '../support/failure.ts';
import { collectorNamespace, ContainmentLab } from './containment-lab.ts';

describe('planTogether', () => {
  const { signal } = new AbortController();
  const uidOf = (number: number): string => `00000000-1111-4222-8333-00000000000${number}`;
  let lab: ContainmentLab;
  beforeEach(async () => {
    lab = await ContainmentLab.start();
  });
  afterEach(() => lab.close());

  function pod(number: number, spec: Partial<Pod['spec']> = {}): Pod {
    const metadata = { ...lab.pod.metadata, name: `web-${number}`, uid: uidOf(number) };
    return lab.fake.put({ ...lab.pod, metadata, spec: { ...lab.pod.spec, containers: [], ...spec } });
  }
  function plan(pods: readonly Pod[], evenIf?: string, stop = signal): Promise<GroupPlan> {
    const reason = evenIf === undefined ? {} : { evenIf };
    return planTogether(lab.api, pods, {
      ...{ collectorNamespace, mayNot: () => new Map(), now: lab.io.now(), signal: stop },
      ...reason,
    });
  }

  it('reads what is around the pods once, and leaves what can’t be cut', async () => {
    const pods = [pod(1), pod(2), pod(3, { hostNetwork: true })];
    const { plans, left } = await plan(pods);
    expect(plans.map(({ subject }) => subject.name)).to.deep.equal(['web-1', 'web-2']);
    expect(left).to.have.length(1);
    expect(left[0]?.why).to.match(/^pod "web-3" uses the network of node/);
    const lists = lab.fake.requests.filter(
      ({ method, path }) => method === 'GET' && path.endsWith('/services'),
    );
    expect(lists).to.have.length(1);
  });

  it('takes an interrupt for no reason to leave a pod', async () => {
    const interrupt = new AbortController();
    lab.fake.intercept(() => {
      interrupt.abort(new InterruptedError('stopped by SIGINT'));
      return undefined;
    });
    expect((await failureOf(plan([pod(1)], undefined, interrupt.signal))).message).to.equal(
      'stopped by SIGINT',
    );
  });

  it('counts none of them as an endpoint that answers for another', async () => {
    const names = ['shop'];
    lab.fake.put({
      ...{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'shop', namespace: 'default' } },
      ...{ spec: { selector: { app: 'shop' } } },
    } as never);
    const endpoints = [1, 2].map((number) => ({
      addresses: [`10.0.0.${number}`],
      targetRef: { uid: uidOf(number) },
    }));
    const metadata = {
      name: 'shop-1',
      namespace: 'default',
      labels: { 'kubernetes.io/service-name': 'shop' },
    };
    lab.fake.put({
      ...{ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata },
      ...{ addressType: 'IPv4', endpoints },
    } as never);
    const webhooks = names.map((name) => ({
      ...{
        name: 'a.example',
        failurePolicy: 'Fail',
        clientConfig: { service: { name, namespace: 'default' } },
      },
    }));
    lab.fake.put({
      ...{ apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingWebhookConfiguration' },
      ...{ metadata: { name: 'hook' }, webhooks },
    } as never);
    const both = [pod(1), pod(2)];
    expect((await plan(both.slice(0, 1))).left).to.deep.equal([]);
    const together = await plan(both);
    expect(together.plans).to.deep.equal([]);
    expect(together.left.map(({ why }) => /should not be cut: .*shop alone/.test(why))).to.deep.equal([
      true,
      true,
    ]);
    expect((await plan(both, 'we know')).plans).to.have.length(2);
  });
});
