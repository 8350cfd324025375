import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'chai';
import { isMalformed } from '../../src/artifacts/lines.ts';
import { SocketTable } from '../../src/artifacts/socket-table.ts';
import { collectFrames } from '../../src/collector/running.ts';
import { namedScript } from '../../src/collector/scripts.ts';
import { localNode, MemorySink, type LocalNode } from './local-node.ts';

/** Gives network namespaces without a process, in which something listens, names on the node. */
const give = `for name in netns/plain docker/netns/of-docker 'netns/a
.. b'; do
  unshare -n sh -c 'ip link set lo up; stat -L -c %i /proc/self/ns/net >>"$IR_HOST/inodes"
    mount --bind /proc/self/ns/net "$1"' sh "$IR_HOST/run/$name"
done; exec "$@"`;
/** Two processes of one namespace that both hold a socket which listens; says their PIDs. */
const pair = `import os, socket, sys, time
listener = socket.socket(socket.AF_INET, socket.SOCK_RAW, 253)
pid = os.fork()
if pid:
    print(os.getpid(), pid, flush=True)
time.sleep(600)`;
/** A thread that went to a namespace of its own and listens there; says the inode of that. */
const stray = `import ctypes, os, socket, threading, time
def leave():
    if ctypes.CDLL(None, use_errno=True).unshare(0x40000000):
        raise OSError(ctypes.get_errno())
    listener = socket.socket()
    listener.bind(("0.0.0.0", 4711))
    listener.listen()
    print(os.stat("/proc/thread-self/ns/net").st_ino, flush=True)
    time.sleep(600)
threading.Thread(target=leave, daemon=True).start()
time.sleep(600)`;

/** Ends a program and what it started, unless the test has. */
function killGroup({ pid = 0 }: ChildProcess): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

describe('sockets.sh', function () {
  this.timeout(60_000);
  let root: string;
  let nodes: LocalNode[];
  let started: ChildProcess[];
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'sockets-root-'));
    nodes = [];
    started = [];
  });
  afterEach(() => {
    for (const child of started) killGroup(child);
    for (const node of nodes) node.remove();
    rmSync(root, { recursive: true });
  });

  const nodeOf = (prefix: readonly string[] = []): LocalNode => {
    const node = localNode(root, prefix);
    nodes.push(node);
    return node;
  };
  const taken = async (node: LocalNode, before = '', args: readonly string[] = []): Promise<MemorySink> => {
    const sink = new MemorySink();
    const { signal } = new AbortController();
    const { name, text } = namedScript('sockets');
    await collectFrames(node.exec, { name, text: before + text }, sink, { args, signal });
    return sink;
  };
  /** Starts a program that says numbers. */
  const numbersOf = async (program: string, ...words: readonly string[]): Promise<number[]> => {
    const child = spawn(program, words, { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
    started.push(child);
    // What it prints may come in pieces.
    for await (const line of createInterface({ input: child.stdout })) return line.split(' ').map(Number);
    throw new Error(`${program} said nothing`);
  };
  /** A beginning of the script with which processes end as soon as it knows which there are. */
  const endAfterLook = (...pids: readonly number[]): string =>
    `awk() {
      command awk "$@"
      kill -KILL ${pids.join(' ')} 2>/dev/null
      for pid in ${pids.join(' ')}; do
        while grep -q '^State:.[^Z]' "/proc/$pid/status" 2>/dev/null; do sleep 0.01; done
      done
    }\n`;

  it('reads namespaces without a process, whatever their names', async () => {
    const node = nodeOf(['unshare', '-m', 'sh', '-c', give, 'sh']);
    mkdirSync(join(root, 'run/docker/netns'), { recursive: true });
    mkdirSync(join(root, 'run/netns'));
    for (const name of ['netns/plain', 'docker/netns/of-docker', 'netns/a\n.. b'])
      writeFileSync(join(root, 'run', name), '');
    const sink = await taken(node);
    const inodes = readFileSync(join(root, 'inodes'), 'utf8').trim().split('\n');
    for (const table of ['tcp', 'raw', 'icmp', 'udplite', 'if_inet6'])
      expect(
        sink.items.filter(({ header, end }) => {
          const name = header.name.toString();
          const ours = inodes.some((inode) => name === `live_response/network/netns/${inode}/${table}`);
          return ours && end.outcome === 'ok';
        }),
        table,
      ).to.have.length(2);
    expect(sink.named('[root]/run/netns/a\n.. b').end.detail).to.equal('a line end in its name');
  });

  it('reads a namespace through another of its processes when one has ended', async () => {
    const [first = 0, second = 0] = await numbersOf('unshare', '-n', 'python3', '-c', pair);
    const [early, late] = [Math.min(first, second), Math.max(first, second)];
    const sink = await taken(nodeOf(), endAfterLook(early));
    expect(sink.named(`[root]/proc/${late}/net/raw`).data.toString()).to.match(/^ *\d+: 00000000:00FD /m);
  });

  it('tells a namespace of which all processes have ended', async () => {
    const pids = await numbersOf('unshare', '-n', 'python3', '-c', pair);
    const { ino } = statSync(`/proc/${pids[0] ?? 0}/ns/net`);
    const sink = await taken(nodeOf(), endAfterLook(...pids));
    expect(sink.named(`live_response/network/netns/${ino}`).end).to.include({
      outcome: 'vanished',
      detail: 'all that was in this network namespace has ended',
    });
  });

  describe('of a pod', () => {
    /** A beginning of the script with which the pod has these processes. */
    const pod = (...pids: readonly number[]): string => `pods_processes() { echo ${pids.join(' ')}; }\n`;
    const namesOf = (sink: MemorySink): string[] => sink.items.map(({ header }) => header.name.toString());
    const namespacesOf = (sink: MemorySink): unknown[] => {
      const sockets = new SocketTable();
      for (const { header, data } of sink.items)
        if (header.target !== undefined) sockets.addLink(header.name, header.target);
        else if (SocketTable.wants(header.name)) sockets.add(header.name, data);
      const records = [...sockets.records([])].flatMap((one) => (isMalformed(one) ? [] : [one.namespace]));
      return [...new Set(records)];
    };
    const ofNode = /^\[root\]\/proc\/(?:net|self\/ns)\//;

    it('in the network of the node reads the tables of the node, as those', async () => {
      const server = createServer().listen(0, '127.0.0.1');
      try {
        await once(server, 'listening');
        const { port } = server.address() as AddressInfo;
        const sink = await taken(nodeOf(), pod(process.pid), ['uid']);
        const hex = port.toString(16).toUpperCase().padStart(4, '0');
        expect(sink.named('[root]/proc/net/tcp').data.toString()).to.contain(
          `0100007F:${hex} 00000000:0000 0A`,
        );
        for (const name of namesOf(sink)) expect(name).to.match(ofNode);
        const tables = namesOf(sink).filter((name) => name.endsWith('/tcp'));
        expect(tables).to.have.length(1);
        const { ino } = statSync('/proc/self/ns/net');
        expect(namespacesOf(sink)).to.deep.equal([ino]);
      } finally {
        server.close();
      }
    });

    it('in a network of its own reads nothing of the node', async () => {
      const [pid = 0] = await numbersOf('unshare', '-n', 'python3', '-c', pair);
      const names = namesOf(await taken(nodeOf(), pod(pid), ['uid']));
      expect(names).to.include(`[root]/proc/${pid}/net/raw`);
      for (const name of names) expect(name).not.to.match(ofNode);
    });
  });

  it('reads the namespace of a thread that left its process, and it is shown', async () => {
    const [inode = 0] = await numbersOf('python3', '-c', stray);
    const sink = await taken(nodeOf());
    const sockets = new SocketTable();
    for (const { header, data } of sink.items)
      if (SocketTable.wants(header.name)) sockets.add(header.name, data);
    const listening = [...sockets.records([])].filter(
      (one) => !isMalformed(one) && one.family === 'tcp' && one.localPort === 4711,
    );
    expect(listening).to.have.length(1);
    expect(listening[0]).to.include({ state: 'LISTEN', namespace: inode });
  });
});
