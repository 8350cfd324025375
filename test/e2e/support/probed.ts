import { join } from 'node:path';
import { expect } from 'chai';
import { processIo } from '../../../src/output/io.ts';
import { imageOf } from '../../support/offer.ts';
import { apply, createNamespace, pod, removeNamespaces, untilReady } from './workload.ts';
import { kubectl, kubectlIr } from './world.ts';

const io = processIo();
const namespace = 'e2e-probed';
const kinds = ['http', 'tcp', 'exec', 'grpc'] as const;
const where = ['-n', namespace, '--collector-image', imageOf('collector-full')];
let isolated = 0;

/** Starts pods that are probed every 2 s x 3 in each way, on the nodes in turn, and isolates them. */
export async function startProbed(nodes: readonly string[], dir: string): Promise<void> {
  const image = imageOf('toolbox');
  const command = [
    'sh',
    '-c',
    'mkdir /tmp/w; echo ok >/tmp/w/index.html; httpd -p 8080 -h /tmp/w; exec talk health 8081',
  ];
  const probes = {
    http: { httpGet: { path: '/', port: 8080 } },
    tcp: { tcpSocket: { port: 8080 } },
    exec: { exec: { command: ['true'] } },
    grpc: { grpc: { port: 8081 } },
  };
  await createNamespace(namespace);
  await apply(
    namespace,
    kinds.map((kind, index) => {
      const livenessProbe = { ...probes[kind], periodSeconds: 2, failureThreshold: 3 };
      const node = nodes[index % nodes.length] ?? '';
      return pod(`by-${kind}`, { image, command, node, container: { livenessProbe } });
    }),
  );
  await untilReady(namespace);
  for (const kind of kinds) {
    const done = await kubectlIr([
      'isolate',
      `by-${kind}`,
      '--yes',
      '--case',
      join(dir, `probed-${kind}`),
      ...where,
    ]);
    expect(done.code, done.stderr).to.equal(0);
  }
  isolated = io.monotonic();
}

/** Nothing was restarted in so many milliseconds after the last of them was isolated, and all still run. */
export async function expectNoRestart(milliseconds: number): Promise<void> {
  await io.sleep(Math.max(0, isolated + milliseconds - io.monotonic()));
  const path =
    '{range .items[*]}{.metadata.name} {.status.containerStatuses[0].restartCount} {.status.containerStatuses[0].ready}{"\\n"}{end}';
  const text = await kubectl(['get', 'pods', '-n', namespace, '-o', `jsonpath=${path}`]);
  expect(text.trim().split('\n')).to.have.members(kinds.map((kind) => `by-${kind} 0 true`));
}

/** Releases them, and removes them. */
export async function stopProbed(): Promise<void> {
  for (const kind of kinds) await kubectlIr(['release', `by-${kind}`, '--yes', ...where]);
  await removeNamespaces(namespace);
}
