import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Isolation } from '../../src/containment/isolation.ts';
import {
  dump,
  failuresOf,
  ir,
  listedBy,
  podField,
  podsWith,
  reaches,
  seconds,
  startOwners,
  namespace,
} from './owners-lab.ts';
import { image, twoNodes } from '../support/offer.ts';
import { requires } from '../support/requires.ts';
import { removeNamespaces } from './support/workload.ts';
import { eventually, nodeNames } from './support/world.ts';

const nodes = await nodeNames();

interface Isolated {
  readonly pod: string;
  readonly isolation: Isolation;
  /** What was told on stderr. */
  readonly told: string;
  /** The state of everything before. */
  readonly before: string;
  /** Second from which on no request may fail. */
  readonly from: number;
}

describe('isolate, by the owner of the pod', function () {
  requires(this, image('collector-full'), image('toolbox'), twoNodes(nodes));
  this.timeout(180_000);
  let dir: string;
  let cases = 0;

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'e2e-owners-'));
    await startOwners();
  });
  after(async () => {
    await removeNamespaces(namespace);
    await rm(dir, { recursive: true, force: true });
  });

  /** Isolates the first pod of an application, which must hold. */
  async function isolateFirst(app: string, flags: readonly string[] = []): Promise<Isolated> {
    const [pod = ''] = await podsWith(`app=${app}`);
    const before = await dump([pod]);
    const caseDir = join(dir, String((cases += 1)));
    const done = await ir(['isolate', pod, '--yes', '-o', 'json', '--case', caseDir, ...flags]);
    expect(done.code, done.stderr).to.equal(0);
    const isolation = JSON.parse(done.stdout) as Isolation;
    expect(isolation.verification.verdict).to.equal('HOLDS');
    return { pod, isolation, told: done.stderr, before, from: seconds() + 1 };
  }

  /** The Service lists others alone, and they answer every request. */
  async function heals(service: 'web' | 'agent' | 'db' | 'bare', { pod, from }: Isolated): Promise<void> {
    await eventually('the Service without the pod', async () => !(await listedBy(service)).includes(pod));
    await eventually('enough requests', async () => (await failuresOf(service, from)).asked >= 15);
    expect((await failuresOf(service, from)).failed).to.deep.equal([]);
  }

  /** Gives the pod back; then all is as before and the pod is still the same. */
  async function givesBack({ pod, isolation, before }: Isolated): Promise<string> {
    const done = await ir(['release', pod, '--yes', '--return']);
    expect(done.code, done.stderr).to.equal(0);
    expect(await podField(pod, '.metadata.uid')).to.equal(isolation.pod.uid);
    expect(await dump([pod])).to.equal(before);
    return done.stderr;
  }

  it('a ReplicaSet replaces it, an allow-all policy does not keep it reachable, and it comes back', async () => {
    const done = await isolateFirst('web');
    expect(done.told).to.match(/networkpolicy\/allow-all allows traffic of this pod/);
    expect(await reaches(await podField(done.pod, '.status.podIP'))).to.equal(false);
    expect(await podField(done.pod, '.metadata.ownerReferences')).to.equal('');
    await eventually('two other pods', async () => (await podsWith('app=web')).length === 2);
    await heals('web', done);
    expect(await givesBack(done)).to.match(/back with replicaset\/web-\S+, which deleted pod\/web-/);
    expect(await podsWith('app=web'))
      .to.include(done.pod)
      .and.have.length(2);
  });

  it('a DaemonSet replaces it on its node', async () => {
    const done = await isolateFirst('agent');
    await eventually('another pod on the node', async () => {
      const [, other] = await podsWith('app=agent');
      return other !== undefined && (await listedBy('agent')).includes(other);
    });
    await heals('agent', done);
    expect(await givesBack(done)).to.match(/back with daemonset\/agent, which deleted pod\/agent-/);
  });

  it('a DaemonSet with a host port can’t, which is said before', async () => {
    const done = await isolateFirst('host-agent');
    expect(done.told).to.match(/^Service .*no replacement by daemonset\/host-agent: host port 18080$/m);
    expect(await podField(done.pod, '.metadata.ownerReferences')).to.equal('');
    await givesBack(done);
  });

  it('a StatefulSet keeps it unless it is detached, with what that means', async () => {
    const [pod = ''] = await podsWith('app=db');
    const dry = await ir(['isolate', pod, '--dry-run=client']);
    expect(dry.stdout)
      .to.match(/service\/db keeps it as an endpoint that does not answer; statefulset\/db keeps it/)
      .and.match(/--detach takes it out of service\/db and from its owner, with no replacement: its name/);
    const done = await isolateFirst('db', ['--detach']);
    expect(done.told).to.match(/no replacement by statefulset\/db: its name/);
    await heals('db', done);
    await givesBack(done);
    expect(await podField(pod, '.metadata.ownerReferences[0].name')).to.equal('db');
  });

  it('a Job keeps it: the work is not done twice', async () => {
    const done = await isolateFirst('job');
    expect(done.told).to.match(/^Service .*job\/job keeps it$/m);
    expect(await podsWith('app=job')).to.deep.equal([done.pod]);
    expect(done.isolation.actions.map(({ kind }) => kind)).not.to.include('detach');
    await givesBack(done);
  });

  it('a bare pod is cut, and leaves its Service to others', async () => {
    const done = await isolateFirst('bare');
    expect(done.told).to.match(/^Service .*service\/bare drops it; no owner, so nothing replaces it$/m);
    await heals('bare', done);
    await givesBack(done);
  });
});
