import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { countFamilies, countRules, insideCountRules } from '../../../src/containment/rules/count-rules.ts';
import { parseCounters } from '../../../src/containment/counters.ts';
import { tableNames } from '../../../src/containment/names.ts';
import { cutRules } from '../../../src/containment/rules/cut-rules.ts';
import { insideRules } from '../../../src/containment/rules/inside-rules.ts';
import type { RuleInput } from '../../../src/containment/rules/parts.ts';
import { addresses, addresses6, NetLab, type Place, texts } from '../../collector/net-lab.ts';
import { uid } from '../subjects.ts';

const kinds = ['bridge', 'routed'] as const;

/** What is to be cut, then what must go on: the kubelet's probe, and others. */
const cut = [
  ['outside', addresses.pod, 8080],
  ['outside', addresses6.pod, 9100],
  ['neighbour', addresses.pod, 8080],
  ['neighbour', addresses6.pod, 8080],
  ['node', addresses.pod, 9100],
  ['node', addresses6.pod, 8080],
  ['pod', addresses.outside, 8080],
  ['pod', addresses6.outside, 8080],
  ['pod', addresses.neighbour, 8080],
  ['pod', addresses6.neighbour, 8080],
  ['pod', addresses.node, 8080],
  ['pod', addresses6.node, 9100],
] as const;
const open = [
  ['node', addresses.pod, 8080],
  ['neighbour', addresses.outside, 8080],
  ['outside', addresses6.neighbour, 8080],
  ['pod', '127.0.0.1', 8080],
  ['pod', addresses.pod, 9100],
] as const;

for (const kind of kinds)
  for (const egress of [true, false])
    describe(`rules on a ${kind} link ${egress ? 'with' : 'without'} the egress hook`, function () {
      this.timeout(30_000);
      let net: NetLab;
      let input: RuleInput;
      before(() => {
        net = new NetLab(kind);
        const facing = net.run('node', `ip -o link show ${kind === 'bridge' ? 'br0' : 'vethpod'}`);
        const mac = /link\/ether (\S+)/.exec(facing)?.[1] ?? '';
        input = {
          uid,
          links: [{ name: 'vethpod', attachment: kind, mac }],
          inner: ['eth0'],
          address: addresses.pod,
          ports: [8080],
          nodeAddresses: [addresses.node, addresses6.node],
          probeSource: addresses.node,
          egress,
        };
      });
      after(() => net.remove());
      const load = (place: Place, rules: string): void => {
        execFileSync('nsenter', ['-t', String(net.pid(place)), '-n', 'nft', '-f', '-'], { input: rules });
      };
      const clear = (place: Place): void => void net.run(place, 'nft flush ruleset');

      it('cut everything but probes and leave everybody else alone', () => {
        expect(net.answered(...cut, ...open)).to.deep.equal(texts(...cut, ...open));
        load('node', countRules(input));
        load('node', cutRules(input));
        expect(net.answered(...cut, ...open)).to.deep.equal(texts(...open));
        const counted = countFamilies(input).link.reduce<ReturnType<typeof parseCounters> | undefined>(
          (all, family) => {
            const table = `nft -j list table ${family} ${tableNames(uid).count}`;
            return parseCounters(Buffer.from(net.run('node', table)), undefined, all);
          },
          undefined,
        );
        expect([
          ...(counted?.passed.flows.keys() ?? []),
          ...(counted?.passed.others.keys() ?? []),
        ]).to.deep.equal([]);
        expect(counted?.tried.flows.size).to.be.greaterThan(8);
        clear('node');
        expect(net.answered(...cut)).to.deep.equal(texts(...cut));
      });

      it('close the pod from within in the same way', () => {
        load('pod', insideCountRules(input) + insideRules(input));
        expect(net.answered(...cut, ...open)).to.deep.equal(texts(...open));
        clear('pod');
        expect(net.answered(...cut)).to.deep.equal(texts(...cut));
      });

      it('cut a pod without probes from its node too', () => {
        load('node', countRules({ ...input, ports: [] }) + cutRules({ ...input, ports: [] }));
        expect(net.answered(...cut, ['node', addresses.pod, 8080])).to.deep.equal([]);
        clear('node');
        load('pod', insideRules({ ...input, ports: [] }));
        expect(net.answered(...cut, ['node', addresses.pod, 8080])).to.deep.equal([]);
        clear('pod');
      });
    });
