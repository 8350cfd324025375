import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { callScript } from '../../src/collector/running.ts';
import { scriptText } from '../../src/collector/scripts.ts';
import { sleepFor } from '../../src/output/io.ts';
import { localNode, type LocalNode } from './local-node.ts';
import { NetLab } from './net-lab.ts';

describe('elsewhere.sh', function () {
  this.timeout(30_000);
  let net: NetLab;
  let node: LocalNode;
  beforeEach(() => {
    net = new NetLab('bridge');
    node = localNode('/', ['nsenter', '-t', String(net.pid('node')), '-n']);
  });
  afterEach(() => {
    node.remove();
    net.remove();
  });
  const look = async (processes: string): Promise<string> => {
    const text = `pod_processes() { ${processes}; }\n${scriptText('elsewhere')}`;
    const { signal } = new AbortController();
    const call = { args: ['0.1', net.space('pod'), 'the-uid'], limit: 65_536, signal };
    const answer = await callScript(node.exec, { name: 'elsewhere', text }, call);
    expect(answer.exitCode, answer.stderr).to.equal(0);
    return answer.stdout.toString();
  };

  it('names the processes of a pod that are not in its network, and where they are', async () => {
    const [pod, onNode, other] = [net.pid('pod'), net.pid('node'), net.pid('neighbour')];
    expect(await look(`echo "1 ${pod}"`)).to.equal('');
    expect(await look(`echo "1 ${pod}"; echo "2 ${onNode}"; echo "3 ${other}"; echo "4 4194305"`)).to.equal(
      `node ${onNode}\nother ${other}\n`,
    );
  });

  it('names a process of which a thread alone is in another network', async () => {
    const source = `import ctypes, threading, time, os
def move():
    ctypes.CDLL(None).setns(os.open("/proc/${net.pid('node')}/ns/net", os.O_RDONLY), 0)
    print("moved", flush=True)
    time.sleep(60)
threading.Thread(target=move, daemon=True).start()
time.sleep(60)`;
    const words = ['-t', String(net.pid('pod')), '-n', 'python3', '-c', source];
    const child = spawn('nsenter', words, { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      await once(child.stdout, 'data');
      expect(await look(`echo "1 ${child.pid ?? 0}"`)).to.equal(`node ${child.pid ?? 0}\n`);
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('leaves out a process that has ended and that nobody waited for: it is in no network', async () => {
    const source = 'sleep 0 & echo $!; exec sleep 60';
    const child = spawn('sh', ['-c', source], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const [line] = (await once(child.stdout, 'data')) as [Buffer];
      const pid = Number(line.toString());
      const ended = (): boolean => / Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
      while (!ended()) await sleepFor(10);
      expect(await look(`echo "1 ${pid}"`)).to.equal('');
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('leaves out what was there for a moment, and a number that became another process', async () => {
    const onNode = net.pid('node');
    const once = `[ -e "$IR_RUN/looked" ] || echo "2 ${onNode}"; : >"$IR_RUN/looked"`;
    expect(await look(once)).to.equal('');
    const again = `[ -e "$IR_RUN/looked" ] && echo "3 ${onNode}" || echo "2 ${onNode}"; : >"$IR_RUN/looked"`;
    expect(await look(again)).to.equal('');
  });
});
