import { expect } from 'chai';
import { callScript } from '../../src/collector/running.ts';
import { scriptText } from '../../src/collector/scripts.ts';
import { localNode, type LocalNode } from './local-node.ts';
import { addresses, addresses6, NetLab, type Place, texts } from './net-lab.ts';

const tag = '0x5f0c1e7a';
const { signal } = new AbortController();

for (const kind of ['routed', 'bridge'] as const)
  describe(`rules of routing on a ${kind} link`, function () {
    this.timeout(30_000);
    let net: NetLab;
    let node: LocalNode;
    before(() => {
      net = new NetLab(kind);
      node = localNode('/', ['nsenter', '-t', String(net.pid('node')), '-n']);
    });
    after(() => {
      node.remove();
      net.remove();
    });
    const rules = (place: Place, details = '-d'): string =>
      net.run(place, `ip ${details} rule; ip ${details} -6 rule`);
    const call = async (names: readonly string[], args: readonly string[]): Promise<string> => {
      const text = names.map((name) => scriptText(name)).join('');
      const answer = await callScript(
        node.exec,
        { name: names.at(-1) ?? '', text },
        { args, limit: 4096, signal },
      );
      expect(answer.exitCode, answer.stderr).to.equal(0);
      return answer.stdout.toString();
    };
    const link = kind === 'routed' ? ['link', 'vethpod'] : [];
    const pod = ['address', addresses.pod, 'address', addresses6.pod];

    it('cut the pod off from others but not from its node, and are undone exactly', async () => {
      const before = rules('node');
      const others = [
        ['outside', addresses.pod, 8080],
        ['outside', addresses6.pod, 8080],
        ['pod', addresses.outside, 8080],
        ['pod', addresses6.outside, 8080],
      ] as const;
      expect(net.answered(...others)).to.deep.equal(texts(...others));
      const said = await call(
        ['milliseconds', 'routes'],
        [tag, 'cut', 'probed', addresses.pod, ...pod, ...link],
      );
      expect(said).to.match(/^took \d+$/m);
      const probe = ['node', addresses.pod, 8080] as const;
      const neighbour = ['neighbour', addresses.pod, 8080] as const;
      const still = kind === 'bridge' ? [probe, neighbour] : [probe];
      expect(net.answered(...others, probe, neighbour)).to.deep.equal(texts(...still));
      await call(['milliseconds', 'routes'], [tag, 'cut', 'probed', addresses.pod, ...pod, ...link]);
      await call(['routes-remove'], [tag]);
      expect(rules('node')).to.equal(before);
      expect(net.answered(...others)).to.deep.equal(texts(...others));
    });

    it('close the pod from within but for its node and loopback, and are undone', async () => {
      const before = rules('pod', '');
      const inside = ['pid', String(net.pid('pod')), 'space', net.space('pod'), 'link', 'eth0'];
      await call(['milliseconds', 'routes'], [tag, 'inside', 'source', addresses.node, ...inside]);
      const others = [
        ['neighbour', addresses.pod, 8080],
        ['outside', addresses6.pod, 8080],
        ['pod', addresses.neighbour, 8080],
        ['pod', addresses6.outside, 8080],
      ] as const;
      const still = [
        ['node', addresses.pod, 8080],
        ['pod', '127.0.0.1', 8080],
        ['pod', addresses.pod, 8080],
        ['pod', '::1', 8080],
      ] as const;
      expect(net.answered(...others, ...still)).to.deep.equal(texts(...still));
      await call(['milliseconds', 'routes'], [tag, 'inside', ...inside]);
      expect(net.answered(['node', addresses.pod, 8080])).to.deep.equal([]);
      const words = [tag, 'no-process-has-this', '--', 'ir-inside-x'];
      expect((await call(['pod-processes', 'inside-remove'], words)).trim()).to.equal('0');
      await call(['milliseconds', 'routes'], [tag, 'inside', ...inside]);
      // The script that undoes it looks for the pod by its cgroup; here it is told where.
      const found = `pod_processes() { echo "1 ${net.pid('pod')}"; }\n`;
      const text = found + scriptText('inside-remove');
      const { exitCode } = await callScript(
        node.exec,
        { name: 'x', text },
        { args: words, limit: 4096, signal },
      );
      expect(exitCode).to.equal(0);
      expect(rules('pod', '')).to.equal(before);
      expect(net.answered(...others)).to.deep.equal(texts(...others));
    });

    it('are refused in another network than the one that was found', async () => {
      const args = [tag, 'inside', 'pid', String(net.pid('pod')), 'space', 'net:[1]', 'link', 'eth0'];
      const text = scriptText('milliseconds') + scriptText('routes');
      const before = rules('pod');
      const { exitCode } = await callScript(node.exec, { name: 'x', text }, { args, limit: 4096, signal });
      expect([exitCode, rules('pod')]).to.deep.equal([3, before]);
    });

    it('are all taken back when one of them cannot be placed', async () => {
      const before = rules('node');
      const text = scriptText('milliseconds') + scriptText('routes');
      const args = [tag, 'cut', 'address', addresses.pod, 'address', '10.77.1.300'];
      const { exitCode } = await callScript(node.exec, { name: 'x', text }, { args, limit: 4096, signal });
      expect([exitCode, rules('node')]).to.deep.equal([1, before]);
    });
  });
