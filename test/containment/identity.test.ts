import { expect } from 'chai';
import { readIdentity } from '../../src/containment/identity.ts';
import { ContainmentLab } from './containment-lab.ts';

describe('readIdentity', () => {
  it('reads what the account may do, and says what may not be read', async () => {
    const lab = await ContainmentLab.start();
    try {
      const apiVersion = 'rbac.authorization.k8s.io/v1';
      const metadata = { name: 'maps', namespace: 'default' };
      lab.fake.put({
        ...{ apiVersion, kind: 'RoleBinding', metadata: { ...metadata, uid: 'u' } },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'maps' },
        subjects: [{ kind: 'ServiceAccount', name: 'default', namespace: 'default' }],
      } as never);
      const rules = [{ apiGroups: [''], resources: ['configmaps'], verbs: ['list'] }];
      lab.fake.put({ apiVersion, kind: 'Role', metadata, rules } as never);
      lab.fake.deny({ resource: 'secrets' });
      const { account, object, may, gaps } = await readIdentity(
        lab.api,
        lab.pod,
        new AbortController().signal,
      );
      expect(account).to.deep.equal({ namespace: 'default', name: 'default' });
      expect(object).to.equal(undefined);
      expect(may).to.deep.equal(['rolebinding/maps in namespace default gives role/maps: list configmaps']);
      expect(gaps).to.deep.equal(['secrets in namespace default: you may not list them']);
    } finally {
      await lab.close();
    }
  });
});
