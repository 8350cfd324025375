import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { Pod, Service } from '../../../src/cluster/objects.ts';
import { layoutOf, outside } from '../../cluster/layout.ts';
import { processIo } from '../../../src/output/io.ts';
import { imageOf } from '../../support/offer.ts';
import { apply, createNamespace, pod, untilReady } from './workload.ts';
import { kubectl } from './world.ts';

/** What `talk` (test/cluster/talk) saw of one flow: frames, bytes, times in Unix milliseconds. */
export interface SeenFlow {
  readonly frames: number;
  readonly bytes: number;
  readonly first: number;
  readonly last: number;
}

export type Seen = Readonly<Record<string, SeenFlow>>;

/** Where what a flow sends is captured, independently of what is being tested. */
export type Receiver = 'suspect' | 'near' | 'far' | 'host' | 'outside';

/** A flow that goes on for ever. */
export interface Flow {
  readonly kind: 'tcp' | 'udp' | 'newtcp' | 'newudp' | 'ping' | 'raw';
  readonly name: string;
  readonly from: 'suspect' | 'near' | 'far' | 'host';
  readonly to: string;
  readonly seenBy: Receiver;
}

const port = 7001;
/** On the network of a node the port is the node's. */
const hostPort = 7101;

/** A suspect on one node, with pods around it that it talks to and that talk to it, in every way there is. */
export class TalkLab {
  readonly node: string;
  readonly namespace: string;
  readonly #other: string;
  #flows: readonly Flow[] = [];
  #outside: OutsideCapture | undefined;

  constructor(node: string, other: string) {
    this.node = node;
    this.#other = other;
    this.namespace = `e2e-talk-${node}`;
  }

  /** Starts pods, captures and flows. */
  async start(): Promise<void> {
    await createNamespace(this.namespace);
    await apply(this.namespace, [
      service('suspect', 'NodePort'),
      service('far', 'NodePort'),
      this.#suspect(),
      this.#peer('near', this.node, port),
      this.#peer('far', this.#other, port),
      this.#peer('host', this.node, hostPort, { hostNetwork: true }),
    ]);
    await untilReady(this.namespace);
    this.#outside = new OutsideCapture();
    this.#flows = await this.#plan();
    for (const from of ['suspect', 'near', 'far', 'host'] as const) await this.#send(from);
  }

  get flows(): readonly Flow[] {
    return this.#flows;
  }

  /** What arrived at each place since the start. */
  async seen(): Promise<Readonly<Record<Receiver, Seen>>> {
    const report = async (name: string): Promise<Seen> =>
      JSON.parse(await this.#line(name, 'talk report')) as Seen;
    const [suspect, near, far, host] = await Promise.all(['suspect', 'near', 'far', 'host'].map(report));
    const beyond = await this.#outside?.seen();
    return {
      ...{ suspect: suspect ?? {}, near: near ?? {}, far: far ?? {}, host: host ?? {} },
      outside: beyond ?? {},
    };
  }

  stop(): void {
    this.#outside?.stop();
    this.#outside = undefined;
  }

  /** Addresses of one of the pods, of both families where it has them. */
  async addresses(name: string): Promise<string[]> {
    const { status } = await this.#pod(name);
    return (status?.podIPs ?? []).map(({ ip }) => ip);
  }

  #suspect(): object {
    const web = 'mkdir -p /tmp/w && echo ok >/tmp/w/index.html && exec httpd -f -p 8080 -h /tmp/w';
    const image = imageOf('toolbox');
    const probe = { httpGet: { path: '/', port: 8080 }, periodSeconds: 2, failureThreshold: 3 };
    return pod('suspect', {
      image,
      node: this.node,
      labels: { app: 'suspect' },
      command: ['talk', 'serve', String(port)],
      container: { ports: [{ containerPort: port }] },
      spec: {
        containers: [
          { name: 'main', image, command: ['talk', 'serve', String(port)], ports: [{ containerPort: port }] },
          {
            name: 'web',
            image,
            command: ['sh', '-c', web],
            ports: [{ containerPort: 8080 }],
            livenessProbe: probe,
          },
        ],
      },
    });
  }

  #peer(name: string, node: string, listen: number, spec: object = {}): object {
    const command = ['talk', 'serve', String(listen)];
    return pod(name, { image: imageOf('toolbox'), node, labels: { app: name }, command, spec });
  }

  async #plan(): Promise<Flow[]> {
    const [suspect, near, far, host] = await Promise.all(
      ['suspect', 'near', 'far', 'host'].map((name) => this.addresses(name)),
    );
    const [own, distant] = await Promise.all(['suspect', 'far'].map((name) => this.#service(name)));
    const out = (kind: Flow['kind'], what: string, to: string, seenBy: Receiver): Flow => {
      return { kind, name: `${this.node}-out-${kind}-${what}`, from: 'suspect', to, seenBy };
    };
    const into = (kind: Flow['kind'], from: Flow['from'], what: string, to: string): Flow => {
      return { kind, name: `${this.node}-in-${kind}-${what}`, from, to, seenBy: 'suspect' };
    };
    const { address, address6 } = outside.c2;
    const toPods = [
      ['near', near],
      ['far', far],
    ] as const;
    const streams = ['tcp', 'udp', 'newtcp', 'newudp'] as const;
    return [
      ...toPods.flatMap(([name, addresses = []]) =>
        addresses.flatMap((one) => [
          ...streams.map((kind) => out(kind, `${name}${familyOf(one)}`, at(one, port), name)),
          out('ping', `${name}${familyOf(one)}`, one, name),
          ...(one.includes(':') ? [] : [out('raw', name, at(one, port), name)]),
        ]),
      ),
      ...(host ?? []).flatMap((one) =>
        streams.map((kind) => out(kind, `host${familyOf(one)}`, at(one, hostPort), 'host')),
      ),
      ...(distant?.addresses ?? []).map((one) => out('tcp', `service${familyOf(one)}`, at(one, port), 'far')),
      ...(host ?? []).map((one) =>
        out('tcp', `nodeport${familyOf(one)}`, at(one, distant?.nodePort ?? 0), 'far'),
      ),
      ...[address, address6].flatMap((one) => [
        out('tcp', `outside${familyOf(one)}`, at(one, 443), 'outside'),
        out('udp', `outside${familyOf(one)}`, at(one, 4444), 'outside'),
        out('ping', `outside${familyOf(one)}`, one, 'outside'),
      ]),
      ...toPods.flatMap(([name]) =>
        (suspect ?? []).flatMap((one) => [
          ...streams.map((kind) => into(kind, name, `${name}${familyOf(one)}`, at(one, port))),
          into('ping', name, `${name}${familyOf(one)}`, one),
          ...(one.includes(':') ? [] : [into('raw', name, name, at(one, port))]),
        ]),
      ),
      ...(suspect ?? []).flatMap((one) =>
        streams.map((kind) => into(kind, 'host', `host${familyOf(one)}`, at(one, port))),
      ),
      ...(own?.addresses ?? []).map((one) => into('tcp', 'far', `service${familyOf(one)}`, at(one, port))),
      ...(host ?? []).flatMap((one) => [
        into('tcp', 'far', `nodeport${familyOf(one)}`, at(one, own?.nodePort ?? 0)),
        into('newtcp', 'far', `nodeport${familyOf(one)}`, at(one, own?.nodePort ?? 0)),
      ]),
      ...(await this.#linkLocal()),
    ];
  }

  /** Between neighbours on a bridge alone. */
  async #linkLocal(): Promise<Flow[]> {
    const own = async (name: string): Promise<string> => {
      const line = await this.#exec(
        name,
        'awk \'$6 == "eth0" && $4 == "20" { print $1 }\' /proc/net/if_inet6',
      );
      return `${(line.trim().match(/.{4}/g) ?? []).join(':')}%eth0`;
    };
    const [suspect, near] = [await own('suspect'), await own('near')];
    const reachable = await this.#exec('suspect', `ping -c 1 -W 1 ${near} >/dev/null && echo yes || true`);
    if (reachable.trim() !== 'yes') return [];
    const to = (address: string): string => `[${address}]:${port}`;
    return [
      { kind: 'udp', name: `${this.node}-out-udp-linklocal`, from: 'suspect', to: to(near), seenBy: 'near' },
      {
        kind: 'udp',
        name: `${this.node}-in-udp-linklocal`,
        from: 'near',
        to: to(suspect),
        seenBy: 'suspect',
      },
    ];
  }

  async #send(from: Flow['from']): Promise<void> {
    const words = this.#flows
      .filter((one) => one.from === from)
      .flatMap(({ kind, name, to }) => [kind, name, to]);
    const quoted = words.map((word) => `'${word}'`).join(' ');
    await this.#exec(from, `talk send ${quoted} >/dev/null 2>&1 </dev/null &`);
  }

  #exec(name: string, script: string): Promise<string> {
    return kubectl(['exec', '-n', this.namespace, name, '-c', 'main', '--', 'sh', '-c', script]);
  }

  /** The line that a script prints; it ends only when that has come, as kubectl may else lose it and end well (kubernetes/kubernetes#124571). */
  async #line(name: string, script: string): Promise<string> {
    const words = ['exec', '-i', '-n', this.namespace, name, '-c', 'main', '--', 'sh', '-c'];
    const child = spawn('kubectl', [...words, `${script}; read -r _`], { stdio: ['pipe', 'pipe', 'pipe'] });
    const output = { stdout: '', stderr: '' };
    child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
    child.stdout.on('data', (chunk: Buffer) => {
      output.stdout += chunk.toString();
      if (output.stdout.endsWith('\n')) child.stdin.end('\n');
    });
    await once(child, 'close');
    if (!output.stdout.endsWith('\n')) throw new Error(`${name} says ${JSON.stringify(output)}`);
    return output.stdout;
  }

  async #pod(name: string): Promise<Pod> {
    return JSON.parse(await kubectl(['get', 'pod', name, '-n', this.namespace, '-o', 'json'])) as Pod;
  }

  async #service(name: string): Promise<{ addresses: string[]; nodePort: number }> {
    const { spec } = JSON.parse(
      await kubectl(['get', 'service', name, '-n', this.namespace, '-o', 'json']),
    ) as Service;
    return { addresses: spec?.clusterIPs ?? [], nodePort: spec?.ports?.[0]?.nodePort ?? 0 };
  }
}

/** A capture in the network around the nodes. */
class OutsideCapture {
  readonly #process: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: Interface;

  constructor() {
    const main = join(import.meta.dirname, '../../cluster/main.ts');
    const talk = join(layoutOf(processIo().env).bin, 'talk');
    this.#process = spawn(process.execPath, [main, 'shell', 'outside', talk, 'capture'], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    this.#lines = createInterface(this.#process.stdout);
  }

  async seen(): Promise<Seen> {
    if (this.#process.exitCode !== null) throw new Error('the capture outside of the cluster ended');
    const answer = once(this.#lines, 'line') as Promise<[string]>;
    this.#process.stdin.write('\n');
    const [line] = await answer;
    return JSON.parse(line) as Seen;
  }

  stop(): void {
    this.#process.stdin.end();
  }
}

function service(name: string, type: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { type, ipFamilyPolicy: 'PreferDualStack', selector: { app: name }, ports: [{ port }] },
  };
}

function at(address: string, to: number): string {
  return address.includes(':') ? `[${address}]:${to}` : `${address}:${to}`;
}

function familyOf(address: string): '4' | '6' {
  return address.includes(':') ? '6' : '4';
}
