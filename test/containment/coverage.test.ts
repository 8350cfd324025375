import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Collector } from '../../src/collector/collector.ts';
import { callScript } from '../../src/collector/running.ts';
import { coverageOf, uncovered } from '../../src/containment/coverage.ts';
import { judge, type Judgement } from '../../src/containment/judge.ts';
import type { Level } from '../../src/containment/level.ts';
import type { PodLink } from '../../src/containment/link.ts';
import { type Reading, readFlows } from '../../src/containment/reading.ts';
import { countFamilies, countRules, flushes } from '../../src/containment/rules/count-rules.ts';
import { cutRules } from '../../src/containment/rules/cut-rules.ts';
import type { RuleInput } from '../../src/containment/rules/parts.ts';
import { localNode, type LocalNode } from '../collector/local-node.ts';
import { addresses, NetLab } from '../collector/net-lab.ts';
import { fakeNode } from './fake-node.ts';
import { uid } from './subjects.ts';

const { signal } = new AbortController();

describe('uncovered', () => {
  const links = '1: lo: <UP>\n2: eth0@if7: <UP>';
  const host = '2: cni0: <UP>\n7: veth1@if2: <UP> master cni0';
  const chain = (devices: string, hook: string, policy = 'drop'): string =>
    `    type filter hook ${hook} ${devices} priority -500; policy ${policy};\n`;
  const both = chain('device "veth1"', 'ingress') + chain('devices = { "veth0", "veth1" }', 'egress');
  const found = (
    tables: Readonly<Record<string, string>>,
    {
      egress = true,
      node = host,
      level = 'nft full',
    }: { readonly egress?: boolean; readonly node?: string; readonly level?: Level } = {},
  ): string[] => {
    const texts = { 'pod-links': links, 'node-links': node, bridges: 'cni0', ...tables };
    const parts = Object.entries(texts).map(([name, text]): [string, Buffer] => [name, Buffer.from(text)]);
    return uncovered(level, { egress }, coverageOf(new Map(parts)));
  };
  const why = 'link veth1 leads from the node to the pod, and no whole cut is on it by now';

  it('is nothing where each link has what cuts it, both ways', () => {
    expect(found({ 'cut-netdev': both })).to.deep.equal([]);
    const old = { egress: false, level: 'nft without egress' } as const;
    const ingress = { 'cut-netdev': chain('device "veth1"', 'ingress') };
    const forward = 'table\n    type filter hook forward priority -500; policy accept;';
    expect(found({ ...ingress, 'cut-bridge': forward }, old)).to.deep.equal([]);
    const routed = { ...old, node: '7: veth1@if2: <UP>' };
    expect(found({ ...ingress, 'cut-inet': forward }, routed)).to.deep.equal([]);
    expect(found({ ...ingress, 'cut-inet': forward }, old)).to.deep.equal([why]);
  });

  it('names a link on which a half of it, all of it, or what it does is missing', () => {
    for (const text of [
      '',
      chain('device "veth1"', 'ingress'),
      chain('device "veth1"', 'ingress') + chain('device "veth9"', 'egress'),
      chain('device "veth1"', 'ingress', 'accept') + chain('device "veth1"', 'egress'),
      `set x { comment "${both.trim()}" }`,
    ])
      expect(found({ 'cut-netdev': text }), text).to.deep.equal([why]);
    expect(found({})).to.deep.equal([why]);
  });

  it('says nothing of a level that holds nothing for certain', () => {
    expect(found({}, { level: 'busybox bridge' })).to.deep.equal([]);
  });
});

describe('a cut that somebody goes around after it was placed', function () {
  this.timeout(30_000);
  let net: NetLab;
  let node: LocalNode;
  let link: PodLink;
  let rules: RuleInput;

  beforeEach(async () => {
    net = new NetLab('bridge');
    // The counters of links are those of its own /sys.
    const own = ['unshare', '-m', 'sh', '-c', '/bin/mount -t sysfs none /sys && exec "$@"', 'sh'];
    node = localNode('/', ['nsenter', '-t', String(net.pid('node')), '-n', ...own]);
    symlinkSync('/usr/sbin/nft', join(node.directory, 'bin/nft'));
    link = {
      pid: net.pid('pod'),
      namespace: net.space('pod'),
      words: [':'],
      links: [{ name: 'vethpod', attachment: 'bridge' }],
      uncut: [],
      inner: ['eth0'],
      nodeAddresses: [addresses.node],
      linkLocal: { node: [], pod: [] },
      egress: true,
    };
    rules = { ...link, uid, address: addresses.pod, ports: [] };
    load(countRules(rules));
    load(cutRules(rules));
    expect(whys(await look(countRules(rules)))).to.deep.equal([]);
  });
  afterEach(() => {
    node.remove();
    net.remove();
  });

  const load = (text: string): void => {
    execFileSync('nsenter', ['-t', String(net.pid('node')), '-n', 'nft', '-f', '-'], { input: text });
  };
  const look = (text = flushes(rules).join('\n')): Promise<Reading> => {
    const call: Collector['call'] = async (script, args, options) => {
      if (typeof script === 'string') throw new Error('not a script of its own');
      const input = await (options.input ?? Buffer.alloc(0));
      return callScript(node.exec, script, { args, input, limit: 1 << 20, signal });
    };
    const collector = { ...fakeNode(['nft'], () => undefined).collector, call };
    return readFlows(collector, link, {
      ...{ uid, seconds: 0.3, tries: [], covered: true, signal },
      counting: { link: countFamilies(rules).link, inside: [] },
      rules: { link: text, inside: '' },
    });
  };
  const judged = (after: Reading): Judgement =>
    judge({
      ...{ before: after, after, tries: [], sources: { node: [], probers: {} }, listening: [], families: [] },
      ...{ cut: 'nft full', sealed: false, limits: [], size: String },
    });
  const whys = (reading: Reading): string[] => {
    if (reading.coverage === undefined) throw new Error('nobody looked');
    const { uncut } = reading.coverage;
    return [
      ...uncovered('nft full', link, reading.coverage),
      ...uncut,
      ...judged(reading).reasons.filter((one) => one.includes('by a way that no rule')),
    ];
  };

  it('is seen when the pod has another link to its node', async () => {
    net.run('node', `ip link add veth2 type veth peer name eth1 netns ${net.pid('pod')}`);
    expect(whys(await look())).to.deep.equal([
      'link veth2 leads from the node to the pod, and no whole cut is on it by now',
    ]);
  });

  it('is seen when a link of the pod lies on one of its node', async () => {
    net.run('node', `ip link add link toout name up1 netns ${net.pid('pod')} type macvlan`);
    expect(whys(await look())).to.deep.equal(['up1']);
  });

  it('is seen when its rules are gone', async () => {
    net.run('node', 'nft delete table netdev $(nft list tables netdev | grep -o "ir-cut-.*")');
    expect(whys(await look())).to.deep.equal([
      'link vethpod leads from the node to the pod, and no whole cut is on it by now',
    ]);
  });

  it('is seen when a program of a link hands frames on before the rules, either way', async () => {
    const all = `bpf bytecode '1,6 0 0 4294967295,' action mirred egress redirect dev`;
    net.run('node', 'tc qdisc add dev vethpod clsact; tc qdisc add dev vethbeside clsact');
    net.run('node', `tc filter add dev vethpod ingress ${all} toout`);
    send('pod', addresses.node);
    const [from, ...rest] = whys(await look());
    expect(from).to.match(/^\d+ frames? came from the pod by a way that no rule of this level sees$/);
    expect(rest).to.deep.equal([]);
    net.run('node', `tc filter del dev vethpod ingress; tc filter add dev vethbeside ingress ${all} vethpod`);
    send('neighbour', addresses.pod);
    expect((await look()).devices.to).to.be.greaterThan(0);
    expect(whys(await look())[0]).to.match(
      /^\d+ frames? came to the pod by a way that no rule of this level sees$/,
    );
  });

  /** Begins connections for ten seconds; nobody need be found before. */
  const send = (from: 'pod' | 'neighbour', to: string): void => {
    net.run(
      from,
      `ip neigh replace ${to} lladdr 02:00:00:00:00:01 dev eth0
       (for _ in $(seq 100); do busybox nc -w 1 ${to} 8080 & sleep 0.1; done) >/dev/null 2>&1 </dev/null &`,
    );
  };
});
