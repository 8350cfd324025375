import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { callScript } from '../../src/collector/running.ts';
import { scriptText } from '../../src/collector/scripts.ts';
import { parsePodLink } from '../../src/containment/link.ts';
import { localNode, type LocalNode } from './local-node.ts';
import { addresses, NetLab, type Place } from './net-lab.ts';

for (const ip of ['busybox', 'iproute2'] as const)
  describe(`the link of a pod whose owner may change links, by the ip of ${ip}`, function () {
    this.timeout(30_000);
    let net: NetLab;
    let node: LocalNode;
    beforeEach(() => {
      net = new NetLab('bridge');
      node = localNode('/', ['nsenter', '-t', String(net.pid('node')), '-n']);
      if (ip === 'busybox') return;
      rmSync(join(node.directory, 'bin/ip'));
      symlinkSync('/bin/ip', join(node.directory, 'bin/ip'));
    });
    afterEach(() => {
      node.remove();
      net.remove();
    });
    const look = async (): Promise<ReturnType<typeof parsePodLink>> => {
      const found = `pod_processes() { echo "0 ${net.pid('pod')}"; }\n`;
      const text = found + scriptText('pod-space') + scriptText('pod-links') + scriptText('pod-link');
      const { signal } = new AbortController();
      const call = { args: [addresses.pod, ':'], limit: 65_536, signal };
      const answer = await callScript(node.exec, { name: 'pod-link', text }, call);
      expect(answer.exitCode, answer.stderr).to.equal(0);
      return parsePodLink(answer.stdout);
    };

    it('is that of the pod, whatever is in aliases, labels and names', async () => {
      const plain = await look();
      expect(plain.links.map(({ name }) => name)).to.deep.equal(['vethpod']);
      const index = (place: Place, link: string): string =>
        net.run(place, `ip -o link show dev ${link}`).split(':')[0] ?? '';
      const [peer, theirs] = [index('node', 'vethbeside'), index('neighbour', 'eth0')];
      net.run(
        'pod',
        `ip link set lo alias "$(printf 'x\\n${theirs}: other@if${peer}: <BROADCAST,UP>\\n== process\\n1 ${net.space('node')}')"
         ip addr add 10.77.9.9/32 dev lo label lo:x
         ip link add a@if${peer} type bridge; ip link set a@if${peer} up`,
      );
      const hostile = await look();
      expect(hostile.namespace).to.equal(net.space('pod'));
      expect(hostile.pid).to.equal(net.pid('pod'));
      expect(hostile.links).to.deep.equal(plain.links);
      expect(hostile.uncut).to.deep.equal([`a?if${peer}`]);
      // Names that a program would take for options of its own.
      net.run('pod', 'ip link add name -q type bridge; ip link add name -x type bridge');
      expect((await look()).links).to.deep.equal(plain.links);
      net.run('pod', 'ip link set eth0 down; ip link set eth0 name e@x; ip link set e@x up');
      expect((await look()).links).to.deep.equal(plain.links);
    });
  });
