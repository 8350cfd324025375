import { expect } from 'chai';
import type { Secret } from '../../../src/cluster/objects.ts';
import { secretTexts, tokenTexts } from '../../../src/containment/facts/token.ts';
import { shopPod } from '../subjects.ts';

describe('tokens and Secrets of a pod', () => {
  const projected = (source: object): object => ({ name: 'api', projected: { sources: [source] } });
  const containers = [
    {
      name: 'web',
      env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'db', key: 'a' } } }],
      envFrom: [{ secretRef: { name: 'all' } }],
    },
  ];
  const pod = (volumes: readonly object[]): ReturnType<typeof shopPod> =>
    shopPod({ spec: { serviceAccountName: 'robot', containers, volumes } as never });

  it('says of each token when it dies', () => {
    const secret = (name: string, account: string): Secret => ({
      metadata: { name, annotations: { 'kubernetes.io/service-account.name': account } },
    });
    const volumes = [
      projected({ serviceAccountToken: { path: 'token', expirationSeconds: 3607 } }),
      projected({ serviceAccountToken: { path: 'token', audience: 'vault' } }),
      projected({ configMap: { name: 'ca' } }),
    ];
    expect(tokenTexts(pod(volumes), [secret('old', 'robot'), secret('other', 'else')])).to.deep.equal([
      'token in volume api: lives 3607 s from each renewal, a year where the API server extends it; dies with this pod, which is kept, or with the account',
      'token in volume api for vault: lives 3600 s from each renewal; dies with this pod, which is kept, or with the account',
      'token in secret/old: never expires; dies with the Secret or the account',
    ]);
  });

  it('lists each Secret that it sees', () => {
    const volumes = [{ name: 'tls', secret: { secretName: 'tls' } }, projected({ secret: { name: 'part' } })];
    expect(secretTexts(pod(volumes))).to.deep.equal([
      'secret/tls in volume tls',
      'secret/part in volume api',
      'secret/db in the environment of web',
      'secret/all in the environment of web',
    ]);
  });
});
