import { expect } from 'chai';
import type { ValidatingWebhookConfiguration } from '../../../src/cluster/objects.ts';
import { servedBy } from '../../../src/containment/facts/served.ts';

const service = { namespace: 'prod', name: 'hook' };
const hooks = (webhooks: object[]): ValidatingWebhookConfiguration =>
  ({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: 'guard' },
    webhooks,
  }) as ValidatingWebhookConfiguration;
const none = { webhooks: [], apiServices: [], definitions: [] };

describe('servedBy', () => {
  it('tells webhooks whose failure stops writes from those that are ignored', () => {
    const rules = [{ resources: ['pods', '*', 'a', 'b', 'c', 'd'] }];
    const webhooks = [
      hooks([
        { name: 'a', clientConfig: { service }, rules },
        { name: 'b', clientConfig: { url: 'https://hook.prod.svc:443/x' }, failurePolicy: 'Ignore' },
        { name: 'c', clientConfig: { url: 'https://elsewhere.example/' } },
        { name: 'd', clientConfig: { service: { namespace: 'dev', name: 'hook' } } },
      ]),
    ];
    expect(servedBy('prod', ['hook'], { ...none, webhooks })).to.deep.equal([
      {
        service: 'hook',
        what: 'validatingwebhookconfiguration/guard (a)',
        stops: 'writes of pods, everything, a, b, c and 1 more',
      },
      { service: 'hook', what: 'validatingwebhookconfiguration/guard (b)' },
    ]);
    expect(servedBy('prod', ['other'], { ...none, webhooks })).to.deep.equal([]);
  });

  it('knows aggregated APIs and conversions', () => {
    const spec = { group: 'x.example', service, groupPriorityMinimum: 1, versionPriority: 1 };
    const definition = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'things.x.example' },
      spec: { conversion: { webhook: { clientConfig: { service } } } },
    };
    const served = servedBy('prod', ['hook'], {
      ...none,
      apiServices: [{ metadata: { name: 'v1.x.example' }, spec }, { metadata: { name: 'v1.apps' } }],
      definitions: [definition, { ...definition, spec: {} }],
    });
    expect(served.map(({ what, stops }) => [what, stops])).to.deep.equal([
      ['apiservice/v1.x.example', 'the API x.example, and the deletion of any namespace'],
      [
        'customresourcedefinition/things.x.example (conversion)',
        'reading and writing things.x.example in other versions than the stored one',
      ],
    ]);
  });
});
