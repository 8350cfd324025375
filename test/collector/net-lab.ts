import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';

const answered = join(import.meta.dirname, 'answered.py');

/** Network namespaces of this machine that stand for a node, a pod on it, its neighbour, and somebody outside. */
export type Place = 'node' | 'pod' | 'neighbour' | 'outside';

export const addresses = {
  node: '10.77.1.1',
  pod: '10.77.1.2',
  neighbour: '10.77.1.3',
  outside: '10.77.2.2',
} as const satisfies Record<Place, string>;
/** The same hosts over IPv6. */
export const addresses6 = {
  node: 'fd77:1::1',
  pod: 'fd77:1::2',
  neighbour: 'fd77:1::3',
  outside: 'fd77:2::2',
} as const satisfies Record<Place, string>;

/** One new connection. */
export type NetTry = readonly [from: Place, address: string, port: number];

/** As `answered` tells them. */
export function texts(...tries: readonly NetTry[]): string[] {
  return tries.map((one) => one.join(' '));
}

/** Builds links from the node's namespace; `N` stands for the pid of namespace N. */
const bridge = `
ip link add br0 type bridge mcast_snooping 0
ip addr add 10.77.1.1/24 dev br0; ip -6 addr add fd77:1::1/64 dev br0 nodad
ip link set br0 up
for one in POD:pod NEIGHBOUR:beside; do
  ip link add veth\${one#*:} type veth peer name eth0 netns \${one%:*}
  ip link set veth\${one#*:} master br0 up
done`;
const routed = `
for one in POD:pod:2 NEIGHBOUR:beside:3; do
  pid=\${one%%:*}; rest=\${one#*:}; name=veth\${rest%:*}; last=\${rest#*:}
  ip link add $name type veth peer name eth0 netns $pid
  ip addr add 10.77.1.1/32 dev $name; ip -6 addr add fd77:1::1/128 dev $name nodad
  ip link set $name up
  ip route add 10.77.1.$last dev $name; ip -6 route add fd77:1::$last dev $name
done`;
const outside = `
ip link add toout type veth peer name eth0 netns OUTSIDE
ip addr add 10.77.2.1/24 dev toout; ip -6 addr add fd77:2::1/64 dev toout nodad
ip link set toout up; ip link set lo up
echo 1 >/proc/sys/net/ipv4/ip_forward; echo 1 >/proc/sys/net/ipv6/conf/all/forwarding`;

/** A small network in namespaces of its own, gone with `remove`. */
export class NetLab {
  readonly #processes: Readonly<Record<Place, ChildProcess>>;

  constructor(kind: 'bridge' | 'routed') {
    const start = (): ChildProcess => spawn('unshare', ['-n', 'sleep', '600'], { stdio: 'ignore' });
    this.#processes = { node: start(), pod: start(), neighbour: start(), outside: start() };
    for (const place of Object.keys(this.#processes) as Place[]) {
      this.#awaitNamespace(place);
      // Addresses are there at once, not after a second in which somebody might object.
      this.run(place, 'for each in all default; do echo 0 >/proc/sys/net/ipv6/conf/$each/accept_dad; done');
    }
    const script = (kind === 'bridge' ? bridge : routed) + outside;
    this.run(
      'node',
      script.replaceAll(/\b(POD|NEIGHBOUR|OUTSIDE)\b/g, (word) =>
        String(this.pid(word.toLowerCase() as Place)),
      ),
    );
    for (const place of ['pod', 'neighbour', 'outside'] as const) this.#host(place, kind);
  }

  /** A process in the namespace of a place. */
  pid(place: Place): number {
    return this.#processes[place].pid ?? 0;
  }

  /** Text of the namespace, `net:[INODE]`. */
  space(place: Place): string {
    return this.run(place, 'readlink /proc/self/ns/net').trim();
  }

  /** Runs a shell line in the namespace of a place; its output. Throws when it fails. */
  run(place: Place, script: string): string {
    return execFileSync('nsenter', ['-t', String(this.pid(place)), '-n', 'sh', '-c', script], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  /**
   * The tries, as text, whose TCP request is answered in half a second; all are made at once. Nobody listens anywhere:
   * a host that is reached refuses, and never because it is busy. Nor is an answer lost because we are.
   */
  answered(...tries: readonly NetTry[]): string[] {
    const words = tries.flatMap(([from, address, port]) => [this.pid(from), address, port].map(String));
    const output = execFileSync('python3', [answered, ...words], { encoding: 'utf8' });
    const numbers = output.split('\n');
    return tries.filter((_, index) => numbers.includes(String(index))).map((one) => one.join(' '));
  }

  remove(): void {
    for (const child of Object.values(this.#processes)) child.kill('SIGKILL');
  }

  #awaitNamespace(place: Place): void {
    const own = execFileSync('readlink', ['/proc/self/ns/net'], { encoding: 'utf8' });
    for (let i = 0; i < 200; i += 1) {
      const now = execFileSync('sh', ['-c', `readlink /proc/${this.pid(place)}/ns/net || true`], {
        encoding: 'utf8',
      });
      if (now !== '' && now !== own) return;
    }
    throw new Error(`no namespace for ${place}`);
  }

  #host(place: 'pod' | 'neighbour' | 'outside', kind: 'bridge' | 'routed'): void {
    const gateway = place === 'outside' ? ['10.77.2.1', 'fd77:2::1'] : [addresses.node, addresses6.node];
    const length = kind === 'routed' && place !== 'outside' ? [32, 128] : [24, 64];
    this.run(
      place,
      `ip link set lo up; ip link set eth0 up
       ip addr add ${addresses[place]}/${length[0]} dev eth0; ip -6 addr add ${addresses6[place]}/${length[1]} dev eth0 nodad
       ip route replace ${gateway[0]} dev eth0 scope link; ip -6 route replace ${gateway[1]} dev eth0
       ip route add default via ${gateway[0]} dev eth0; ip -6 route add default via ${gateway[1]} dev eth0`,
    );
  }
}
