import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { processIo } from '../../src/output/io.ts';
import { type Attack, plantAttack, removeAttack } from '../attack/plant.ts';
import type { Outcome } from '../cluster/run.ts';
import { image, imageOf } from '../support/offer.ts';
import { requires } from '../support/requires.ts';
import { ours } from './support/traces.ts';
import { apply, pod } from './support/workload.ts';
import { kubectl, kubectlIr } from './support/world.ts';

const io = processIo();

interface Fix {
  readonly verdict: string;
  readonly isolations: readonly { readonly state: string }[];
  readonly traces: readonly {
    readonly kind: string;
    readonly what: string;
    readonly state: string;
    readonly place: { readonly path?: string };
    readonly seen: readonly { readonly pod?: string }[];
  }[];
  readonly unseen: readonly string[];
}

interface Review {
  readonly items: readonly {
    readonly control: string;
    readonly state: string;
    readonly used: readonly string[];
    readonly check?: string;
    readonly task?: { readonly owner?: string };
  }[];
}

/** What a report and `case show` both say of the course of an incident. */
interface Told {
  readonly moments: Readonly<Record<string, { readonly time: string; readonly line?: number }>>;
  readonly times: Readonly<Record<string, number>>;
}

describe('an incident from open to review', function () {
  requires(this, image('collector-full'), image('shop'), image('toolbox'));
  this.timeout(240_000);
  let attack: Attack;
  let dir: string;
  let place: string;
  const flags = ['--collector-image', imageOf('collector-full')];

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'e2e-case-'));
    place = join(dir, 'case');
    attack = await plantAttack(kubectl);
  });
  after(async () => {
    await sweep().catch(() => undefined);
    await removeAttack(kubectl);
    await rm(dir, { recursive: true, force: true });
  });

  /** Takes the cron file off the node. */
  const sweep = async (): Promise<void> => {
    const { namespace, node } = attack;
    const spec = { restartPolicy: 'Never', volumes: [{ name: 'jobs', hostPath: { path: '/etc/cron.d' } }] };
    const container = { volumeMounts: [{ name: 'jobs', mountPath: '/jobs' }] };
    const command = ['rm', '-f', '/jobs/logrotate-cache'];
    await apply(namespace, [pod('broom', { image: imageOf('toolbox'), command, node, container, spec })]);
    const swept = ['pod/broom', '-n', namespace, '--for=jsonpath={.status.phase}=Succeeded', '--timeout=60s'];
    await kubectl(['wait', ...swept]);
  };

  const move = async (phase: string, ...more: readonly string[]): Promise<void> => {
    const moved = await kubectlIr(['case', 'move', place, phase, ...more]);
    expect(moved.code, moved.stderr).to.equal(0);
  };

  const verifyFix = async (): Promise<Fix & Outcome> => {
    const done = await kubectlIr(['case', 'verify-fix', place, '-o', 'json', ...flags]);
    expect(done.stdout, done.stderr).not.to.equal('');
    return { ...done, ...(JSON.parse(done.stdout) as Fix) };
  };

  it('verify-fix says what is left before anything was fixed', async () => {
    const { namespace, pod: suspect } = attack;
    const [began, noticed] = [600_000, 60_000].map((ago) => new Date(io.now().getTime() - ago).toISOString());
    const known = [
      '--began',
      began ?? '',
      '--detected',
      noticed ?? '',
      '--seen',
      'a shell talks to the outside',
    ];
    const opened = await kubectlIr(['case', 'open', place, ...known]);
    expect(opened.code, opened.stderr).to.equal(0);
    await move('identify');
    await move('contain');
    const target = [`pod/${suspect}`, '-n', namespace];
    const responded = await kubectlIr(['respond', ...target, '--yes', '--case', place, ...flags]);
    expect(responded.stdout, responded.stderr).to.match(/^HOLDS/);
    await move('coordinate', '--yes');
    await move('eradicate');
    const fix = await verifyFix();
    expect([fix.code, fix.verdict], fix.stderr).to.deep.equal([4, 'LEFT']);
    expect(
      fix.isolations.map(({ state }) => state),
      fix.stderr,
    ).to.deep.equal(['HOLDS']);
    const left = fix.traces.filter(({ state }) => state === 'still' || state === 'new');
    const curl = left.find((one) => one.kind === 'change' && one.place.path === '/usr/bin/curl');
    expect([curl?.state, curl?.seen.map((one) => one.pod)]).to.deep.equal(['still', [suspect]]);
    // What the first look had no time for is new.
    const paths = left.map((one) => one.place.path ?? '');
    expect(
      paths.filter((path) => path.includes('logrotate-cache')),
      fix.stdout,
    ).not.to.deep.equal([]);
  });

  it('verify-fix still sees on the node what the pod left there, when the pod is gone and its successors are clean', async () => {
    const { namespace, pod: suspect } = attack;
    const released = await kubectlIr(['release', suspect, '-n', namespace, '--yes', ...flags]);
    expect(released.code, released.stderr).to.equal(0);
    const remove = ['/spec/template/spec/volumes', '/spec/template/spec/containers/0/volumeMounts'];
    const patch = JSON.stringify(remove.map((path) => ({ op: 'remove', path })));
    await kubectl(['patch', 'deployment', 'shop', '-n', namespace, '--type=json', '-p', patch]);
    await kubectl(['rollout', 'status', 'deployment/shop', '-n', namespace, '--timeout=90s']);
    await kubectl(['delete', 'pod', suspect, '-n', namespace, '--wait=true']);
    await kubectl(['delete', 'namespace', 'outside', '--wait=true']);
    const fix = await verifyFix();
    expect([fix.code, fix.verdict], fix.stderr).to.deep.equal([4, 'LEFT']);
    const left = fix.traces.filter(({ state }) => state !== 'gone');
    expect(
      left.map(({ state, place: { path } }) => `${state} ${path ?? ''}`),
      fix.stdout,
    ).to.deep.equal(['still /etc/cron.d/logrotate-cache']);
  });

  it('verify-fix says FIXED when that is gone too', async () => {
    await sweep();
    const fix = await verifyFix();
    const open = fix.traces.filter(({ state }) => state !== 'gone');
    expect(open, fix.stderr).to.deep.equal([]);
    expect([fix.code, fix.verdict, fix.unseen], fix.stderr).to.deep.equal([0, 'FIXED', []]);
    expect(fix.isolations.map(({ state }) => state)).to.deep.equal(['gone']);
    await move('recover');
  });

  it('clean removes what was planted in the API and sees that it stays away', async () => {
    const { namespace } = attack;
    const template = {
      spec: { restartPolicy: 'Never', containers: [{ name: 'x', image: imageOf('toolbox') }] },
    };
    await apply(namespace, [
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'loader' }, data: { run: 'curl | sh' } },
      {
        ...{ apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'report' } },
        spec: { schedule: '0 0 1 1 *', suspend: true, jobTemplate: { spec: { template } } },
      },
    ]);
    const objects = ['cj/report', 'configmap/loader'];
    const done = await kubectlIr([
      'case',
      'clean',
      place,
      ...objects,
      '-n',
      namespace,
      '--yes',
      '-o',
      'json',
    ]);
    expect(done.code, done.stderr).to.equal(0);
    const { items } = JSON.parse(done.stdout) as { items: { object: string; outcome: string }[] };
    expect(items.map(({ object, outcome }) => `${object} ${outcome}`)).to.deep.equal([
      ...['cronjob.batch/report deleted', 'configmap/loader deleted'],
    ]);
    expect(await kubectl(['get', 'cronjobs,configmaps', '-n', namespace, '-o', 'name'])).not.to.match(
      /report|loader/,
    );
  });

  it('clean names who makes again what it removed', async () => {
    const { namespace } = attack;
    const [pod = ''] = (
      await kubectl(['get', 'pods', '-l', 'app=shop', '-n', namespace, '-o', 'name'])
    ).split('\n');
    const done = await kubectlIr(['case', 'clean', place, pod, '-n', namespace, '--yes']);
    expect(done.code, done.stderr).to.equal(4);
    expect(done.stdout).to.match(
      /^returned +pod\/shop-\S+ +prod +as shop-\S+, by replicaset\/shop-\S+, its controller$/m,
    );
  });

  it('review names the controls that the incident used, with manifests that the server takes', async () => {
    const done = await kubectlIr([
      'case',
      'review',
      place,
      '--owner',
      'platform',
      '--due',
      '14d',
      '-o',
      'json',
    ]);
    const { items } = JSON.parse(done.stdout) as Review;
    const missing = items.filter(({ state }) => state === 'missing');
    expect(missing.map(({ control }) => control)).to.include.members([
      'host-paths',
      'network-policy',
      'read-only-root',
    ]);
    expect(missing.find(({ control }) => control === 'host-paths')?.used).not.to.deep.equal([]);
    const refused = missing.filter(
      ({ check = 'accepted' }) => check !== 'accepted' && !check.startsWith('not tried: it is a file'),
    );
    expect(refused).to.deep.equal([]);
    expect(new Set(missing.map(({ task }) => task?.owner))).to.deep.equal(new Set(['platform']));
  });

  it('ends with a report whose times are those of custody', async () => {
    await move('close');
    await move('review');
    const shown = await kubectlIr(['case', 'show', place, '-o', 'json']);
    const { incident } = JSON.parse(shown.stdout) as { incident: Told };
    const report = await kubectlIr(['report', place, '-o', 'json']);
    expect(report.code, report.stderr).to.equal(0);
    const { course } = JSON.parse(report.stdout) as {
      course: Told & { moves: { items: { phase: string; time: string; line: number }[] } };
    };
    expect(Object.keys(course.times)).to.have.members(['detect', 'contain', 'recover']);
    expect({ moments: course.moments, times: course.times }).to.deep.equal({
      moments: incident.moments,
      times: incident.times,
    });
    const log = await kubectlIr(['case', 'log', place, '-o', 'json']);
    const { lines } = JSON.parse(log.stdout) as {
      lines: { seq: number; time: string; action: string; object: string; result: string }[];
    };
    const moves = lines.filter(({ action }) => action === 'move');
    expect(course.moves.items.slice(1).map(({ phase, time, line }) => [phase, time, line])).to.deep.equal(
      moves.map(({ object, time, seq }) => [object, time, seq]),
    );
    const held = lines.find(({ action, result }) => action === 'isolate' && result === 'HOLDS');
    expect(course.moments['contained']).to.include({ time: held?.time, line: held?.seq });
    expect(moves.map(({ object }) => object)).to.deep.equal([
      ...['identify', 'contain', 'coordinate', 'eradicate', 'recover', 'close', 'review'],
    ]);
  });

  it('leaves nothing of ours, and a case that verifies', async () => {
    expect(await ours()).to.deep.equal([]);
    await kubectlIr(['case', 'close', place]);
    const verified = await kubectlIr(['verify', place]);
    expect(verified.code, verified.stdout + verified.stderr).to.equal(0);
  });
});
