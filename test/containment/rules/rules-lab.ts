import { execFileSync } from 'node:child_process';
import type { RuleInput } from '../../../src/containment/rules/parts.ts';
import { uid } from '../subjects.ts';

/** A bridged pod with a probe. */
export const ruleInput: RuleInput = {
  uid,
  links: [{ name: 'veth9bd0b104', attachment: 'bridge', mac: '0a:58:0a:f4:02:01' }],
  inner: ['eth0'],
  address: '10.244.2.7',
  ports: [8080],
  nodeAddresses: ['10.0.0.11', '10.244.2.1', '127.0.0.1', '169.254.20.10', 'fd00::1', 'fe80::1'],
  probeSource: '10.244.2.1',
  egress: true,
};

/** Has nft check rules in a network namespace of their own that has the links; throws with nft's message. */
export function checkRules(rules: string): void {
  const links =
    'ip link add veth9bd0b104 type veth peer name eth0 && ip link add net1 type veth peer name eth2';
  execFileSync('unshare', ['-n', 'sh', '-c', `${links} && nft -c -f -`], { input: rules, stdio: 'pipe' });
}
