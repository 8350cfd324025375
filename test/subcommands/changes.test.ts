import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import type { JsonObject } from '../../src/artifacts/json.ts';
import { UsageError } from '../../src/output/errors.ts';
import { command } from '../../src/subcommands/changes.ts';
import { inSandbox } from '../evidence/sandbox.ts';
import { fakeCluster } from '../fake-api/fake-cluster.ts';
import { failureOf } from '../support/failure.ts';
import {
  aClusterObject,
  anObject,
  at,
  auditLine,
  deployment,
  digestB,
  helmSecret,
  podOf,
  replicaSet,
} from '../incident/change/change-lab.ts';
import { memoryIo } from '../support/memory-io.ts';
import { timelineCase } from './timeline-lab.ts';

interface List {
  readonly items: readonly (JsonObject & {
    readonly object: { readonly kind: string; readonly name: string };
  })[];
  readonly deletedObjects: { readonly knowable: boolean };
  readonly notSeen: readonly string[];
}

const rbac = 'rbac.authorization.k8s.io/v1';
const validate = new Ajv2020({ strict: true }).compile(
  JSON.parse(
    readFileSync(new URL('../../schema/configuration-changes.json', import.meta.url), 'utf8'),
  ) as object,
);

describe('changes', () => {
  const cluster = fakeCluster((fake) => {
    const privileged = { securityContext: { privileged: true } };
    const objects = [
      deployment(),
      replicaSet(1, 0),
      replicaSet(2, 5, privileged),
      podOf(2, 'web-2-x', { minutes: 6 }),
      anObject('v1', 'ServiceAccount', 'shop'),
      aClusterObject(rbac, 'ClusterRoleBinding', "shop's; reboot\u001b", {
        metadata: { creationTimestamp: at(12) },
        roleRef: { kind: 'ClusterRole', name: 'cluster-admin' },
        subjects: [{ kind: 'ServiceAccount', name: 'shop', namespace: 'prod' }],
      }),
    ];
    for (const object of objects) fake.put(object);
  });

  async function run(
    words: readonly string[],
    flags: object = {},
    env: Readonly<Record<string, string>> = {},
  ): Promise<{ code: number; out: string; err: string }> {
    const io = memoryIo({ env });
    const global = { server: cluster.fake.url, token: 'fake-token', namespace: 'prod' };
    const given = { output: 'table', since: '48h', 'audit-log': [], ...flags };
    const code = await command.start(words, given, { io, global, signal: new AbortController().signal });
    return { code, out: io.out(), err: io.err() };
  }

  async function list(words: readonly string[], flags: object = {}): Promise<List> {
    const { out } = await run(words, { ...flags, output: 'json' });
    const data = JSON.parse(out) as List;
    expect(validate(data), JSON.stringify(validate.errors)).to.equal(true);
    return data;
  }

  it('shows the change of the owner first, with its fields and what undoes it, and rights after it', async () => {
    const { code, out, err } = await run(['web-2-x']);
    const [, first = '', second = ''] = out.split('\n');
    expect(first).to.match(
      /^2026-11-22T04:05:00Z +its owner deployment\/web; 10m before +prod\/deployment\/web +/,
    );
    expect(first).to.contain(
      'revision 1 -> 2: spec.template.spec.containers[web].securityContext.privileged: absent -> true',
    );
    expect(first).to.match(/ not known +kubectl rollout undo deployment\/web -n prod --to-revision=1$/);
    expect(second)
      .to.contain("shop's; reboot\\x1b")
      .and.to.match(/gives clusterrole\/cluster-admin.* -$/);
    expect(out).to.contain('deleted objects: not knowable here').and.not.to.contain('\u001b');
    expect([code, err]).to.deep.equal([
      0,
      'Changes   5 since 2026-11-20T04:15:00.000Z, about pod/web-2-x in namespace prod\n',
    ]);
  });

  it('prints data by its schema', async () => {
    const data = await list(['pod/web-2-x']);
    expect(data.items.map(({ object, level }) => `${String(level)} ${object.kind}`)).to.deep.equal([
      'own Deployment',
      'account ClusterRoleBinding',
      'beginning ServiceAccount',
      'beginning Namespace',
      'beginning Deployment',
    ]);
    expect(validate({ ...data, more: 1 })).to.equal(false);
    expect(data.deletedObjects.knowable).to.equal(false);
  });

  it('tells who it was and what was deleted from an audit log', () =>
    inSandbox(async (dir) => {
      const log = join(dir, 'audit.log');
      const policy = anObject('networking.k8s.io/v1', 'NetworkPolicy', "it's", {
        spec: { podSelector: { matchLabels: { app: 'web' } } },
      });
      const lines = [
        auditLine('create', 'networkpolicies', "it's", { responseObject: policy }),
        Buffer.from('no event'),
        auditLine('patch', 'deployments', 'web', {
          stageTimestamp: '2026-11-22T04:04:59Z',
          responseObject: deployment(),
        }),
        auditLine('delete', 'networkpolicies', "it's", { stageTimestamp: at(14) }),
      ];
      await writeFile(log, `${lines.map(String).join('\n')}\n`);
      const data = await list(['web-2-x'], { 'audit-log': [log] });
      expect(data.items[0]).to.deep.include({ level: 'own', source: 'rollout' });
      expect(data.items[0]?.['who']).to.deep.include({ user: 'jane', sources: ['198.51.100.7'] });
      const deleted = data.items.find(({ action }) => action === 'deleted');
      expect(deleted).to.deep.include({ level: 'policy', time: at(14) });
      expect(String(deleted?.['rollback']))
        .to.match(/^printf '%s' '\{"apiVersion":.*"name":"it'\\''s".*\}' \| kubectl create -f -$/)
        .and.not.contain('uid');
      expect(data.notSeen).to.deep.equal(['the audit log: 1 of its lines is no event']);
      expect(await failureOf(run(['web-2-x'], { 'audit-log': [join(dir, 'none')] }))).to.have.property(
        'message',
        `can't read the audit log ${join(dir, 'none')}: ENOENT`,
      );
    }));

  it('reads Helm releases where the owners say so, and tells when Secrets may not be read', async () => {
    const annotations = { 'meta.helm.sh/release-name': 'shop', 'meta.helm.sh/release-namespace': 'prod' };
    cluster.fake.put(deployment({ metadata: { annotations } }));
    cluster.fake.put(helmSecret(1, 0));
    cluster.fake.put(helmSecret(2, 4, { info: { status: 'deployed', last_deployed: at(4) } }));
    const { items } = await list(['web-2-x']);
    expect(items[0]).to.deep.include({ source: 'helm', rollback: 'helm rollback shop 1 -n prod' });
    expect(JSON.stringify(items[0])).to.contain('values.admin.password').and.not.contain('secret-');
    cluster.fake.deny({ verb: 'list', resource: 'secrets' });
    const denied = await run(['web-2-x']);
    expect(denied.code).to.equal(3);
    expect(denied.err).to.match(/^warning: not looked at: secrets in namespace prod: .*forbidden/im);
  });

  it('takes a namespace, and finds an image that moved', async () => {
    cluster.fake.put(podOf(2, 'web-2-y', { digest: digestB, minutes: 9 }));
    const { items } = await list(['ns/prod']);
    expect(items[0]).to.deep.include({ source: 'image', level: 'own' });
    expect(items[0]?.['rollback']).to.match(
      /^kubectl set image deployment\/web -n prod web=registry\.example:5000\/shop@sha256:a{64}$/,
    );
    expect((await run([])).out.split('\n')[1]).to.contain('tag moved');
    expect(await failureOf(run(['ns/none']))).to.have.property('message', 'namespace "none" not found');
  });

  it('stays bounded in a namespace with many ReplicaSets of others', async () => {
    for (let number = 0; number < 1200; number += 1)
      cluster.fake.put(anObject('apps/v1', 'ReplicaSet', `other-${number}`));
    const { code, out } = await run(['web-2-x']);
    expect([code, out.split('\n')[1]?.includes('revision 1 -> 2')]).to.deep.equal([0, true]);
    const pages = cluster.fake.requests.filter(({ path }) => path.endsWith('/prod/replicasets'));
    expect(pages).to.have.length(3);
  });

  it('works on a case, offline, and says what is not in it', () =>
    inSandbox(async (dir) => {
      const item = (path: string, object: object): Record<string, string> => ({
        [`live_response/kubernetes/${path}.json`]: JSON.stringify(object),
      });
      const bindings = {
        apiVersion: rbac,
        kind: 'ClusterRoleBindingList',
        items: cluster.fake.list(`clusterrolebindings.${rbac.split('/')[0] ?? ''}`),
      };
      await timelineCase(dir, {
        kind: 'pod',
        items: {
          ...item('pods/web-2-x', podOf(2, 'web-2-x', { minutes: 6 })),
          ...item('replicasets/web-2', replicaSet(2, 5)),
          ...item('deployments/web', deployment()),
          ...item('clusterrolebindings', bindings),
          '[root]/var/log/kubernetes/audit.log': `${String(auditLine('patch', 'deployments', 'web', { responseObject: deployment() }))}\n`,
        },
      });
      const { code, out, err } = await run([dir]);
      expect(out.split('\n')[1]).to.match(/its owner deployment\/web; .* patched +jane +-$/);
      expect(out).to.contain('deleted objects: known from 2026-11-22T04:10:00.100000Z');
      expect(err).to.contain('not looked at: network policies: not in the case');
      expect(err).to.contain('not looked at: records of Helm: not in the case');
      expect(code).to.equal(3);
      expect(JSON.parse((await run([], { output: 'json' }, { KUBECTL_IR_CASE: dir })).out)).to.have.property(
        'about',
      );
    }));

  it('compares with an earlier case', () =>
    inSandbox(async (dir) => {
      const policy = anObject('networking.k8s.io/v1', 'NetworkPolicy', 'gone', { spec: { podSelector: {} } });
      const list = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicyList', items: [policy] };
      await timelineCase(dir, {
        items: { 'live_response/kubernetes/networkpolicies.json': JSON.stringify(list) },
      });
      const { code, out } = await run(['web-2-x'], { baseline: dir });
      expect(out).to.match(
        /selects it; 0s before, or more +prod\/networkpolicy\/gone +deleted since the earlier case/,
      );
      expect(out).to.contain(`deleted objects: known as far as ${dir} has them, and no others`);
      expect(code).to.equal(0);
      const none = await failureOf(run(['web-2-x'], { baseline: join(dir, 'none') }));
      expect(none.message).to.equal(`no case at ${join(dir, 'none')}`);
    }));

  it('says that a case is damaged which does not say when it was made, unless somebody says when it began', () =>
    inSandbox(async (dir) => {
      await timelineCase(dir, { items: {} });
      const place = join(dir, 'data/case.json');
      const record = JSON.parse(readFileSync(place, 'utf8')) as JsonObject;
      await writeFile(place, JSON.stringify({ ...record, created: 'yesterday' }));
      const error = await failureOf(run([dir]));
      expect(error).to.include({ name: 'OperationError' }).and.not.be.instanceOf(UsageError);
      expect(error.message).to.equal(`${place} is damaged: it does not say when the case was made`);
    }));

  it('refuses what is none of these', async () => {
    for (const [words, message] of [
      [['deploy/web'], 'changes takes a pod, namespace/NAME or a case; deployments "web" is none'],
      [['ns/A_B'], '"A_B" is not a valid name of a namespace'],
    ] as const) {
      const error = await failureOf(run(words));
      expect(error).to.be.instanceOf(UsageError);
      expect(error.message).to.equal(message);
    }
    // As every command does with a case that is not there: exit 1.
    const none = await failureOf(run(['./none']));
    expect(none)
      .to.include({ name: 'OperationError' })
      .and.have.property('advice')
      .that.matches(/^give the directory of a case/);
    expect(none.message).to.match(/^no case at /);
    expect((await failureOf(run(['web-2-x'], { since: 'yesterday' }))).message).to.contain('--since');
  });
});
