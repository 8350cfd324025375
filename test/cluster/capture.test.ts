import { type ChildProcess, spawn } from 'node:child_process';
import { expect } from 'chai';
import { processIo } from '../../src/output/io.ts';
import { type Capture, captureRules, parseCapture } from './capture.ts';
import { machine } from './layout.ts';
import { ownNamespace } from './network.ts';
import { run } from './run.ts';

const io = processIo();

/**
 * A machine in a namespace of its own: `real0` (and later `late0`) lead to a neighbour that answers nothing, and the link
 * of the cluster leads to a node that has a pod.
 */
describe('packet capture', function () {
  this.timeout(20_000);
  const holders: ChildProcess[] = [];
  let host = 0;
  let node = 0;

  const inside = (pid: number, script: string): Promise<string> =>
    run('nsenter', [`--net=/proc/${pid}/ns/net`, 'sh', '-ec', script]);

  async function namespace(): Promise<number> {
    const holder = spawn('unshare', ['--net', 'sleep', '60'], { stdio: 'ignore' });
    holders.push(holder);
    await ownNamespace(holder.pid ?? 0, io);
    return holder.pid ?? 0;
  }

  async function counted(script: string, where = host): Promise<Capture> {
    await run('nsenter', [`--net=/proc/${host}/ns/net`, 'nft', '-f', '-'], {
      input: captureRules(['real0']),
    });
    await inside(where, script);
    const tables = await Promise.all(
      ['netdev', 'inet'].map(async (family) =>
        parseCapture(await inside(host, `nft -j list table ${family} kubectl_ir_capture`)),
      ),
    );
    return {
      packets: tables.reduce((sum, each) => sum + each.packets, 0),
      flows: [...new Set(tables.flatMap((each) => each.flows))],
    };
  }

  before(async () => {
    host = await namespace();
    node = await namespace();
    const far = await namespace();
    await inside(far, 'ip link set lo up');
    await inside(
      host,
      `ip link set lo up
       for name in real0 late0; do
         ip link add $name type veth peer name far-$name netns ${far}
         ip link set $name up
         nsenter --net=/proc/${far}/ns/net ip link set far-$name up
         ip neighbour add 192.0.2.1 lladdr 02:00:00:00:00:01 dev $name
         ip neighbour add fd00::1 lladdr 02:00:00:00:00:01 dev $name
       done
       ip address add 192.0.2.2/24 dev real0
       ip address add fd00::2/64 dev real0 nodad
       ip route add default via 192.0.2.1 dev real0
       ip route add default via fd00::1 dev real0
       ip link add ${machine.link} type veth peer name eth0 netns ${node}
       ip address add 10.94.0.1/24 dev ${machine.link}
       ip link set ${machine.link} up
       ip route add 10.244.2.0/24 via 10.94.0.2`,
    );
    await inside(
      node,
      `ip link set lo up
       ip link set eth0 up
       ip address add 10.94.0.2/24 dev eth0
       ip address add 10.244.2.5/32 dev lo
       ip route add default via 10.94.0.1`,
    );
  });

  after(() => holders.forEach((each) => each.kill('SIGKILL')));

  // A datagram has left when this ends; a ping would wait for the answer that never comes.
  const send = (address: string): string => `bash -c 'echo >/dev/udp/${address}/9' || true`;

  it('leaves out what the machine says itself, and what it says to the cluster over its link', async () => {
    expect(await counted(`${send('192.0.2.9')}; ${send('10.94.0.2')}`)).to.deep.equal({
      packets: 0,
      flows: [],
    });
  });

  for (const address of ['198.51.100.66', '2001:db8::66', '10.96.0.10', 'fd00:10:96::a', '10.244.9.9'])
    it(`counts a packet to ${address}`, async () => {
      const { packets, flows } = await counted(send(address));
      expect(packets).to.be.at.least(2);
      expect(flows[0]).to.match(new RegExp(`-> ${address}$`));
    });

  it('counts a packet from a pod, although the machine has given it its own address', async () => {
    const masquerade = `echo 1 >/proc/sys/net/ipv4/ip_forward
      nft add table ip nat
      nft 'add chain ip nat post { type nat hook postrouting priority srcnat; }'
      nft add rule ip nat post oifname real0 masquerade`;
    await inside(host, masquerade);
    const ping = 'busybox ping -c 1 -W 1 -I 10.244.2.5 192.0.2.1 >/dev/null || true';
    const { packets } = await counted(ping, node);
    // Forwarded, and known in postrouting by where its connection began; its frame shows the machine's address alone.
    expect(packets).to.equal(2);
    await inside(host, 'nft delete table ip nat; echo 0 >/proc/sys/net/ipv4/ip_forward');
  });

  it('counts a question for an address of a node', async () => {
    const { packets } = await counted('busybox arping -c 1 -w 1 -I real0 10.94.0.7 >/dev/null || true');
    expect(packets).to.be.at.least(1);
  });

  it('counts on an interface that it was not told of', async () => {
    const { packets, flows } = await counted(
      `ip route add 198.51.100.0/24 via 192.0.2.1 dev late0 onlink; ${send('198.51.100.7')}`,
    );
    expect(packets).to.equal(1);
    expect(flows).to.deep.equal(['192.0.2.2 -> 198.51.100.7']);
  });
});
