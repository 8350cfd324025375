import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadAll } from 'js-yaml';
import { addNode } from '../collector/fake-kubelet.ts';
import { localNode, type LocalNode } from '../collector/local-node.ts';
import { shopPod, shopSet, ownerUid } from '../containment/subjects.ts';
import { parseAddress } from '../fake-api/address.ts';
import { failure } from '../fake-api/answer.ts';
import { type FakeApi, startFakeApi } from '../fake-api/fake-api.ts';
import type { LoggedRequest } from '../fake-api/requests.ts';
import { runLine } from './whole-line.ts';

/** A Role or ClusterRole as preflight prints it. */
interface Role {
  readonly kind: string;
  readonly metadata: { readonly namespace?: string };
  readonly rules?: readonly {
    readonly apiGroups: readonly string[];
    readonly resources: readonly string[];
    readonly resourceNames?: readonly string[];
    readonly verbs: readonly string[];
  }[];
}

/** What anybody may ask, and what is tried where somebody may, which the grant leaves out on purpose. */
const besides = /^create selfsubject|^get nodes\/proxy/;

describe('what is asked of the API server', function () {
  this.timeout(60_000);
  let dir: string;
  let node: LocalNode;
  let fake: FakeApi;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'granted-'));
    await mkdir(join(dir, 'node/proc'), { recursive: true });
    node = localNode(join(dir, 'node'));
    fake = await startFakeApi();
    addNode(fake, node);
    fake.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kubectl-ir' } });
    const metadata = { name: 'shop', namespace: 'default', uid: ownerUid };
    fake.put({ apiVersion: 'apps/v1', kind: 'Deployment', metadata });
    fake.put(shopSet());
    fake.put(shopPod());
  });
  afterEach(async () => {
    await fake.close();
    node.remove();
    await rm(dir, { recursive: true, force: true });
  });

  const lines: readonly (readonly [command: string, ...words: string[]])[] = [
    ['diff', 'pod', 'shop-1-x'],
    ['diff', 'pod', 'deploy/shop'],
    ['diff', 'pod', 'rs/shop-1'],
    ['diff', 'pod', '-l', 'app=shop'],
    ['diff', 'pod', '--node', 'node-a', '--id', 'a'.repeat(64)],
    ['isolate', 'deploy/shop', '--all-replicas', '--dry-run=client'],
    ['isolate', 'rs/shop-1', '--all-replicas', '--dry-run=server'],
  ];
  for (const [command, ...words] of lines)
    it(`by ${command} ${words.join(' ').slice(0, 60)} is granted by preflight --print-rbac`, async () => {
      const where = ['--server', fake.url, '--token', 'fake-token'];
      const printed = await runLine(['preflight', '--command', command, '--print-rbac', ...where]);
      const roles = loadAll(printed.out).filter((object) => object !== null) as Role[];
      fake.requests.length = 0;
      const place = words.some((word) => word.startsWith('--dry-run')) ? [] : ['--case', join(dir, 'case')];
      const { code, err } = await runLine([command, ...words, ...where, ...place]);
      expect(code, err).to.be.oneOf([0, 3]);
      const lacking = fake.requests.flatMap((request) => askedOf(request, roles));
      expect(fake.requests.length).to.be.greaterThan(3);
      expect([...new Set(lacking)].filter((one) => !besides.test(one))).to.deep.equal([]);
    });

  it('by isolate and release of a node is granted by what is printed for each namespace with pods on it', async () => {
    const { metadata, ...lone } = shopPod();
    const elsewhere = { name: 'lone', namespace: 'other', labels: { app: 'lone' }, ownerReferences: [] };
    fake.put({
      ...lone,
      metadata: { ...metadata, ...elsewhere, uid: '5f0c1e7a-1111-4222-8333-000000000001' },
    });
    // So it is isolated by the API alone; what a collector asks for is seen in the cases above.
    fake.intercept(({ method, path }) =>
      method === 'POST' && path === '/api/v1/namespaces/kubectl-ir/pods'
        ? failure(403, 'Forbidden', 'exceeded quota: none')
        : undefined,
    );
    const where = ['--server', fake.url, '--token', 'fake-token'];
    for (const command of ['isolate', 'release']) {
      const print = ['preflight', '--command', command, '--print-rbac', ...where];
      const [here, there] = [
        await runLine([...print, '-n', 'default']),
        await runLine([...print, '-n', 'other']),
      ];
      expect(here.out.split('\n---\n')[0]).to.equal(here.err.trimEnd().replace(/^/gm, '# '));
      expect(here.err).to.contain('than default, for').and.contain(` ${command} node/NODE; `);
      fake.requests.length = 0;
      const { code, err } = await runLine([
        command,
        'node/node-a',
        ...where,
        '--case',
        join(dir, 'case'),
        '--yes',
      ]);
      expect(code, err).to.be.oneOf([0, 3]);
      const changed = fake.requests.filter(({ method, query }) => method === 'PATCH' && !query.has('dryRun'));
      for (const pod of ['default/pods/shop-1-x', 'other/pods/lone'])
        expect(
          changed.map(({ path }) => path),
          err,
        ).to.include(`/api/v1/namespaces/${pod}`);
      const lacking = (...printed: readonly { readonly out: string }[]): string[] => {
        const roles = printed
          .flatMap(({ out }) => loadAll(out))
          .filter((object) => object !== null) as Role[];
        const asked = fake.requests.flatMap((request) => askedOf(request, roles));
        return [...new Set(asked)].filter((one) => !besides.test(one));
      };
      expect(lacking(here, there)).to.deep.equal([]);
      expect(lacking(here)).to.include('patch pods in other');
      for (const one of lacking(here)) expect(one).to.match(/ in other$/);
    }
  });
});

/** The right that a request takes, in words, unless one of the roles gives it; nothing for what is no object. */
function askedOf({ method, path, query }: LoggedRequest, roles: readonly Role[]): string[] {
  const address = parseAddress(path);
  if (address === undefined) return [];
  const { group, resource, subresource, namespace, name } = address;
  const reading = query.get('watch') === null ? (name === undefined ? 'list' : 'get') : 'watch';
  const changing = { POST: 'create', PATCH: 'patch', DELETE: 'delete' };
  const verb = Object.hasOwn(changing, method) ? changing[method as keyof typeof changing] : reading;
  const whole = subresource === undefined ? resource : `${resource}/${subresource}`;
  const given = roles.some(
    ({ metadata, rules = [] }) =>
      (metadata.namespace ?? namespace) === namespace &&
      rules.some(
        ({ apiGroups, resources, resourceNames, verbs }) =>
          apiGroups.includes(group) &&
          resources.includes(whole) &&
          verbs.includes(verb) &&
          (resourceNames === undefined || (name !== undefined && resourceNames.includes(name))),
      ),
  );
  return given ? [] : [`${verb} ${whole}${group === '' ? '' : `.${group}`} in ${namespace ?? 'the cluster'}`];
}
