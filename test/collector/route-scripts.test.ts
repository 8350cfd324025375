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
    /** Where the pod is; every line of a cgroup file has a colon. */
    const podWords = (space = net.space('pod'), word = ':'): string[] => [
      ...['pid', String(net.pid('pod')), 'space', space, 'word', word],
    ];
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
        ['milliseconds', 'pod-space', 'routes'],
        [tag, 'cut', ...podWords(), 'probed', addresses.pod, ...pod, ...link],
      );
      expect(said).to.match(/^took \d+$/m);
      const probe = ['node', addresses.pod, 8080] as const;
      const neighbour = ['neighbour', addresses.pod, 8080] as const;
      const still = kind === 'bridge' ? [probe, neighbour] : [probe];
      expect(net.answered(...others, probe, neighbour)).to.deep.equal(texts(...still));
      await call(
        ['milliseconds', 'pod-space', 'routes'],
        [tag, 'cut', ...podWords(), 'probed', addresses.pod, ...pod, ...link],
      );
      await call(['routes-remove'], [tag]);
      expect(rules('node')).to.equal(before);
      expect(net.answered(...others)).to.deep.equal(texts(...others));
    });

    it('close the pod from within but for its node and loopback, and are undone', async () => {
      const before = rules('pod', '');
      const inside = [...podWords(), 'link', 'eth0'];
      await call(
        ['milliseconds', 'pod-space', 'routes'],
        [tag, 'inside', 'source', addresses.node, ...inside],
      );
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
      await call(['milliseconds', 'pod-space', 'routes'], [tag, 'inside', ...inside]);
      expect(net.answered(['node', addresses.pod, 8080])).to.deep.equal([]);
      const words = [tag, 'no-process-has-this', '--', 'ir-inside-x'];
      expect((await call(['pod-processes', 'pod-space', 'inside-remove'], words)).trim()).to.equal('0');
      await call(['milliseconds', 'pod-space', 'routes'], [tag, 'inside', ...inside]);
      // The script that undoes it looks for the pod by its cgroup; here it is told where, and first of a process that has ended
      // when it is to lead there.
      const pid = net.pid('pod');
      const passing = `nsenter --net=/proc/${pid}/ns/net sleep 1 & echo "1 $!"; wait`;
      const found = `pod_processes() { ${passing}; echo "2 ${pid}"; }\n`;
      const text = found + scriptText('pod-space') + scriptText('inside-remove');
      const { exitCode } = await callScript(
        node.exec,
        { name: 'x', text },
        { args: [tag, ':', ...words.slice(2)], limit: 4096, signal },
      );
      expect(exitCode).to.equal(0);
      expect(rules('pod', '')).to.equal(before);
      expect(net.answered(...others)).to.deep.equal(texts(...others));
    });

    it('are refused in another network than the one that was found, and by a process that is not the pod', async () => {
      const text = scriptText('milliseconds') + scriptText('pod-space') + scriptText('routes');
      const before = [rules('node'), rules('pod')];
      for (const words of [podWords('net:[1]'), podWords(net.space('pod'), 'no-pod-has-this')])
        for (const where of ['cut', 'inside']) {
          const args = [tag, where, ...words, 'address', addresses.pod, 'link', 'eth0'];
          const { exitCode } = await callScript(
            node.exec,
            { name: 'x', text },
            { args, limit: 4096, signal },
          );
          expect([exitCode, rules('node'), rules('pod')]).to.deep.equal([3, ...before]);
        }
    });

    it('are all taken back when one of them cannot be placed', async () => {
      const before = rules('node');
      const text = scriptText('milliseconds') + scriptText('pod-space') + scriptText('routes');
      const args = [tag, 'cut', ...podWords(), 'address', addresses.pod, 'address', '10.77.1.300'];
      const { exitCode } = await callScript(node.exec, { name: 'x', text }, { args, limit: 4096, signal });
      expect([exitCode, rules('node')]).to.deep.equal([1, before]);
    });
  });
