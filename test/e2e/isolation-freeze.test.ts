import { expect } from 'chai';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Api } from '../../src/cluster/api.ts';
import { connect } from '../../src/cluster/connect.ts';
import type { Collector } from '../../src/collector/collector.ts';
import { withCollector } from '../../src/collector/lifecycle.ts';
import type { Isolation } from '../../src/containment/isolation.ts';
import { processIo } from '../../src/output/io.ts';
import { image, imageOf, nodeShell } from '../support/offer.ts';
import { requires } from '../support/requires.ts';
import { freezerOf, thawersOf } from './support/freezer-state.ts';
import { traces } from './support/traces.ts';
import { apply, createNamespace, pod, removeNamespaces, untilReady } from './support/workload.ts';
import { kubectl, kubectlIr, nodeNames, onNode } from './support/world.ts';

const io = processIo();
const namespace = 'e2e-freeze';
const nodes = await nodeNames();
/** Time for which a pod is frozen whose collector is struck: so long that it can be looked at meanwhile on a busy machine. */
const budget = 10;
/** What may pass between the end of the time and our look at it. */
const slackMs = 500;

describe('a frozen pod', function () {
  requires(this, image('collector'), image('toolbox'), nodeShell());
  this.timeout(60_000);
  const { signal } = new AbortController();
  let dir: string;
  let api: Api;

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'e2e-freeze-'));
    api = await connect(io, {});
    await createNamespace(namespace);
    const command = ['sh', '-c', 'httpd -p 8080; while :; do sleep 0.05; echo >>/tmp/beats; done'];
    const beating = (name: string, node: string, failureThreshold: number): object => {
      const livenessProbe = { tcpSocket: { port: 8080 }, periodSeconds: 2, failureThreshold };
      return pod(name, { image: imageOf('toolbox'), command, container: { livenessProbe }, node });
    };
    await apply(
      namespace,
      nodes.flatMap((node) => [beating(`heart-${node}`, node, 3), beating(`patient-${node}`, node, 10)]),
    );
    await untilReady(namespace);
  });
  after(async () => {
    await api.close();
    await removeNamespaces(namespace);
    await rm(dir, { recursive: true, force: true });
  });

  for (const node of nodes) {
    it(`by isolate --freeze on ${node}: thawed in its time, and never restarted`, async () => {
      const name = `heart-${node}`;
      const flags = ['-n', namespace, '--collector-image', imageOf('collector')];
      const words = ['isolate', name, '--freeze', '--yes', '-o', 'json', '--case', join(dir, node)];
      const done = await kubectlIr([...words, ...flags]);
      expect([3, 4], done.stderr).to.include(done.code);
      const { actions } = JSON.parse(done.stdout) as Isolation;
      const freeze = actions.find(({ kind }) => kind === 'freeze');
      expect(freeze).to.include({ outcome: 'done' });
      const told = /^until (\S+) at the latest; process \d+ of ours, ir-thaw in the root cgroup of/;
      expect(freeze?.detail).to.match(told);
      const until = Date.parse(told.exec(freeze?.detail ?? '')?.[1] ?? '');
      await io.sleep(Math.max(0, until + slackMs - io.now().getTime()));
      expect(await freezerOf(node, await uidOf(name))).to.equal('THAWED');
      expect((await kubectlIr(['release', name, '--yes', ...flags])).code).to.equal(0);
      expect(await restarts(name)).to.equal('0');
      expect(await traces({ uid: await uidOf(name), node })).to.deep.equal([]);
    });

    for (const [how, strike] of [
      ['everything in the cgroup of the collector is killed', killCollector],
      ['the pod of the collector is deleted', deleteCollector],
    ] as const)
      it(`on ${node} is thawed in time when ${how}`, async () => {
        const name = `patient-${node}`;
        const options = { node, namespace: 'kubectl-ir', image: imageOf('collector'), signal };
        await withCollector(api, io, options, async (collector) => {
          const asked = io.monotonic();
          const words = ['freeze', await uidOf(name), String(budget)];
          const answer = await collector.call('freeze', words, { signal });
          expect(answer.exitCode, answer.stderr).to.equal(0);
          const frozen = io.monotonic();
          expect(await freezerOf(node, await uidOf(name))).to.equal('FROZEN');
          await strike(collector, node);
          expect(await freezerOf(node, await uidOf(name)), 'frozen after the collector is gone').to.equal(
            'FROZEN',
          );
          await io.sleep(Math.max(0, frozen + budget * 1000 + slackMs - io.monotonic()));
          expect(await freezerOf(node, await uidOf(name))).to.equal('THAWED');
          expect(io.monotonic() - asked).to.be.lessThan(2 * budget * 1000);
        });
        expect(await thawersOf(node, await uidOf(name))).to.equal('');
        expect(await restarts(name)).to.equal('0');
      });
  }
});

/** SIGKILL for every process in the cgroup of the collector's pod, until none is left: some of them only live for a moment. */
async function killCollector(collector: Collector, node: string): Promise<void> {
  await untilNoProcess(collector, node, 'kill -KILL $pids 2>/dev/null');
}

/** Its processes end long before its object does, for which the pod would not stay frozen on a busy machine. */
async function deleteCollector(collector: Collector, node: string): Promise<void> {
  const { pod: name, namespace: where } = collector.identity;
  await kubectl(['delete', 'pod', name, '-n', where, '--wait=false', '--grace-period=1']);
  await untilNoProcess(collector, node, ':');
}

/** Looks ten times a second for processes in the cgroup of the collector's pod, `$pids`, and does something while there are some. */
async function untilNoProcess({ identity }: Collector, node: string, act: string): Promise<void> {
  const all = `find /sys/fs/cgroup -path '*pod${identity.uid}*' -name cgroup.procs -exec cat '{}' + | sort -u`;
  const script = `for _ in $(seq 80); do pids=$(${all}); [ -n "$pids" ] || exit 0; ${act}; sleep 0.1; done; exit 1`;
  expect((await onNode(node, script)).code).to.equal(0);
}

function uidOf(name: string): Promise<string> {
  return kubectl(['get', 'pod', name, '-n', namespace, '-o', 'jsonpath={.metadata.uid}']);
}

function restarts(name: string): Promise<string> {
  const path = '{.status.containerStatuses[0].restartCount}';
  return kubectl(['get', 'pod', name, '-n', namespace, '-o', `jsonpath=${path}`]);
}
