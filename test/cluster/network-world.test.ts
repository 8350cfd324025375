import { expect } from 'chai';
import { processIo } from '../../src/output/io.ts';
import { endCapture, readCapture, startCapture } from './capture.ts';
import { cluster, kubectl, onNode, pod, succeed } from './client.ts';
import { machine, network, outside, planNodes } from './layout.ts';
import { run } from './run.ts';

const nodes = planNodes(2);
/** Says over HTTP which pod it is and who asked. */
const server = `mkdir -p /w/cgi-bin
cat >/w/cgi-bin/who <<'END'
#!/bin/sh
client=\${REMOTE_ADDR#[}
client=\${client%]}
printf '\\n%s %s\\n' "$HOSTNAME" "\${client#::ffff:}"
END
chmod +x /w/cgi-bin/who
exec httpd -f -p 8080 -h /w`;
const [everywhere, onlyOnB] = [30080, 30081];

function service(name: string, selector: object, more: object = {}): object {
  const port = { port: 80, targetPort: 8080, ...('nodePort' in more ? { nodePort: more.nodePort } : {}) };
  const spec = { selector, ipFamilyPolicy: 'RequireDualStack', ports: [port], ...more, nodePort: undefined };
  return { apiVersion: 'v1', kind: 'Service', metadata: { name }, spec };
}

/** Runs a line of shell in a pod and returns what it printed; its exit code does not matter. */
function inPod(name: string, line: string): Promise<string> {
  return kubectl(['exec', name, '--', 'sh', '-c', `{ ${line}; } 2>&1 || true`]);
}

/**
 * The pods that answer a client outside on one address and port, with the address that they say it has. Tried so often
 * that one of two pods stays away by chance once in eight million times.
 */
async function answersOutside(address: string, port: number): Promise<Set<string>> {
  const six = address.includes(':');
  const [host, from] = six ? [`[${address}]`, '2001:db8:7::7'] : [address, '198.18.113.7'];
  const once = `curl -s -m 1 --interface ${from} http://${host}:${port}/cgi-bin/who`;
  const shell = ['shell', 'outside', 'sh', '-c', `for i in $(seq 24); do ${once} || break; done`];
  return new Set((await cluster(shell)).stdout.split('\n').filter((line) => line !== ''));
}

const url = (address: string): string => `http://${address.includes(':') ? `[${address}]` : address}`;

describe('network of the test cluster', function () {
  this.timeout(120_000);
  const addresses: Record<string, readonly string[]> = {};

  before(async function () {
    // A cold machine builds for up to ten minutes.
    this.timeout(1_800_000);
    await startCapture();
    await succeed('up');
    const items = [
      ...nodes.map(({ name }) => pod(name, name, 'lab.local/toolbox:1', ['sh', '-c', server])),
      ...nodes.map(({ name }) => service(`on-${name}`, { app: name })),
      service('everywhere', {}, { type: 'NodePort', nodePort: everywhere, selector: { kind: 'who' } }),
      service(
        'only-on-b',
        { app: 'node-b' },
        { type: 'NodePort', nodePort: onlyOnB, externalTrafficPolicy: 'Local' },
      ),
    ];
    await kubectl(['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    const names = nodes.map(({ name }) => `pod/${name}`);
    await kubectl(['label', ...names, 'kind=who']);
    await kubectl(['wait', '--for=condition=Ready', ...names, '--timeout=60s']);
    for (const { name } of nodes) {
      const path = 'jsonpath={.status.podIPs[*].ip}';
      addresses[name] = (await kubectl(['get', 'pod', name, '-o', path])).split(' ');
    }
  });

  before('kube-proxy has made its rules', async () => {
    const io = processIo();
    const end = io.monotonic() + 30_000;
    for (const address of nodes.flatMap((node) => [node.address, node.address6])) {
      while ((await answersOutside(address, everywhere)).size < 2) {
        expect(io.monotonic(), `no NodePort on ${address} within 30 s`).to.be.below(end);
        await io.sleep(200);
      }
    }
  });

  after(async () => {
    await cluster(['down']);
    await endCapture();
  });

  it('has pods on a bridge on one node, and on routed links of their own on the other', async () => {
    const links = (node: string): Promise<string> =>
      onNode(node, 'ip -oneline link show type veth; ip route; ip -6 route');
    expect(await links('node-a')).to.match(/veth\w+@\S+ .* master cni0 /);
    const routed = await links('node-b');
    expect(routed).not.to.include('cni0');
    for (const address of addresses['node-b'] ?? []) {
      expect(routed).to.match(new RegExp(`^${address} dev veth`, 'm'));
    }
  });

  for (const { name, address, address6 } of nodes) {
    describe(`a pod of ${name}`, () => {
      it('has an address of each family and reaches pods of both nodes on both', async () => {
        expect(addresses[name]?.map((each) => each.includes(':'))).to.deep.equal([false, true]);
        for (const other of nodes) {
          for (const [family, to] of (addresses[other.name] ?? []).entries()) {
            const said = await inPod(name, `curl -s -m 3 '${url(to)}:8080/cgi-bin/who'`);
            // Under its own address: nothing hides a pod from another.
            expect(said).to.equal(`${other.name} ${addresses[name]?.[family]}\n`);
          }
        }
      });

      it('resolves names of the cluster and of the outside, and learns of others that they do not exist', async () => {
        const services = await kubectl([
          ...['get', 'service', 'everywhere', '-o', 'jsonpath={.spec.clusterIPs[*]}'],
        ]);
        const [four = '', six = ''] = services.split(' ');
        expect(await inPod(name, 'nslookup everywhere.default.svc.cluster.local')).to.include(
          `Address: ${four}\n`,
        );
        expect(await inPod(name, 'nslookup -type=aaaa everywhere.default.svc.cluster.local')).to.include(
          `Address: ${six}\n`,
        );
        expect(await inPod(name, `nslookup kubernetes.default.svc.cluster.local ${network.dns6}`)).to.include(
          network.apiService,
        );
        expect(await inPod(name, `nslookup ${outside.c2.name}`))
          .to.include(outside.c2.address)
          .and.include(outside.c2.address6);
        expect(await inPod(name, 'nslookup www.example.org')).to.include('NXDOMAIN');
        expect(await inPod(name, 'curl -s -m 3 http://everywhere/cgi-bin/who')).to.match(/^node-[ab] /);
      });

      it('reaches the command-and-control server over TCP and UDP, under the address of its node', async () => {
        for (const [c2, seen] of [
          [outside.c2.address, address],
          [outside.c2.address6, address6],
        ] as const) {
          expect(await inPod(name, `curl -s -m 3 '${url(c2)}'`)).to.equal(
            `${JSON.stringify({ server: c2, client: seen })}\n`,
          );
          for (const port of outside.c2.ports) {
            for (const protocol of ['tcp', 'udp']) {
              const talk = `exec 3<>/dev/${protocol}/${c2}/${port}; echo beacon >&3; timeout 3 head -c 7 <&3`;
              expect(await inPod(name, `bash -c '${talk}'`), `${protocol} ${c2} ${port}`).to.equal(
                'beacon\n',
              );
            }
          }
        }
      });

      it('reads the credentials of its node from the metadata service', async () => {
        const script = `token=$(curl -s -m 3 -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' ${url(outside.metadata)}/latest/api/token)
          get() { curl -s -m 3 -H "X-aws-ec2-metadata-token: $token" "$1/latest/meta-data/$2"; }
          role=$(get ${url(outside.metadata)} iam/security-credentials/)
          get ${url(outside.metadata)} "iam/security-credentials/$role"
          get '${url(outside.metadata6)}' hostname`;
        expect(await inPod(name, script))
          .to.include('"AccessKeyId": "ASIAIOSFODNN7EXAMPLE"')
          .and.include(`${name}.compute.internal`);
      });

      it('reaches itself through its own Service', async () => {
        for (const family of [4, 6]) {
          expect(await inPod(name, `curl -s -m 3 -${family} http://on-${name}/cgi-bin/who`)).to.match(
            new RegExp(`^${name} `),
          );
        }
      });
    });
  }

  describe('a NodePort', () => {
    for (const node of nodes) {
      for (const address of [node.address, node.address6]) {
        it(`answers outside on ${address} for pods of every node, which see the address of that node`, async () => {
          const answers = [...(await answersOutside(address, everywhere))];
          expect(answers.map((each) => each.split(' ')[0]).sort()).to.deep.equal(['node-a', 'node-b']);
          expect(answers.join()).not.to.match(/203\.0\.113|2001:db8/);
        });
      }
    }

    it('with externalTrafficPolicy Local answers on the node of its pod, which sees the client', async () => {
      const [a, b] = nodes;
      expect([...(await answersOutside(b?.address ?? '', onlyOnB))]).to.deep.equal(['node-b 198.18.113.7']);
      expect([...(await answersOutside(b?.address6 ?? '', onlyOnB))]).to.deep.equal(['node-b 2001:db8:7::7']);
      for (const address of [a?.address ?? '', a?.address6 ?? '']) {
        expect([...(await answersOutside(address, onlyOnB))]).to.deep.equal([]);
      }
    });
  });

  describe('the machine', () => {
    /** Packets that came over our link and were for something else than the API server. */
    async function dropped(): Promise<number> {
      const text = await run('nft', ['list', 'counter', 'inet', machine.nftTable, 'to-elsewhere']);
      return Number(/packets (\d+)/.exec(text)?.[1]);
    }

    async function link(): Promise<{ address: string; received: number }> {
      const [found] = JSON.parse(await run('ip', ['-json', '-statistics', 'link', 'show', machine.link])) as {
        address: string;
        stats64: { rx: { packets: number } };
      }[];
      return { address: found?.address ?? '', received: found?.stats64.rx.packets ?? NaN };
    }

    /** Over HTTP, ICMP and UDP; what answers says who it is. */
    const tries = (address: string): string =>
      `curl -s -m 1 '${url(address)}'; busybox ping -c 1 -W 1 ${address}; bash -c 'echo x >/dev/udp/${address}/53'`;

    /** What the tries say on node-a and in its pod. */
    function fromNodeAndPod(address: string): Promise<string[]> {
      return Promise.all([onNode('node-a', tries(address)), inPod('node-a', tries(address))]);
    }

    it('lets no packet out: the outside is a namespace, and nothing else answers', async () => {
      const documented = ['198.51.100.1', '198.18.113.9', '2001:db8::9'];
      const real = [...(await gateways()), '10.94.1.1'];
      await Promise.all(
        [...documented, ...real].map(async (address) => {
          for (const said of await fromNodeAndPod(address)) {
            if (documented.includes(address)) {
              expect(said).to.include(`"server":"${address}"`).and.include(' 1 packets received');
            } else {
              expect(said).to.include(' 0 packets received').and.not.include('server');
            }
          }
        }),
      );
    });

    it('takes nothing that a hostile node sends straight to it for elsewhere', async () => {
      const { address: mac, received: arrived } = await link();
      const counted = await dropped();
      const four = [
        '198.51.100.1',
        '198.18.113.9',
        ...(await gateways()).filter((each) => !each.includes(':')),
      ];
      const six = ['2001:db8::9', ...(await gateways()).filter((each) => each.includes(':'))];
      try {
        await onNode(
          'node-a',
          `ip route replace default via ${network.control}
           ip -6 neighbour replace fe80::bad lladdr ${mac} dev eth0
           ip -6 route replace default via fe80::bad dev eth0`,
        );
        const said = await Promise.all([...four, ...six].map(fromNodeAndPod));
        for (const each of said.flat())
          expect(each).to.include(' 0 packets received').and.not.include('server');
      } finally {
        await onNode(
          'node-a',
          `ip route replace default via ${network.gateway}
           ip -6 route replace default via ${network.gateway6}
           ip -6 neighbour delete fe80::bad dev eth0`,
        );
      }
      // Three kinds of packet each from the node and from the pod. IPv6 is off on the link, so that nothing counts it.
      expect((await dropped()) - counted).to.be.at.least(6 * four.length);
      expect((await link()).received - arrived).to.be.at.least(6 * (four.length + six.length));
      expect(await run('ip', ['-6', '-oneline', 'address', 'show', 'dev', machine.link])).to.equal('');
    });

    it('says nothing to an address of the cluster by another way than their link', async () => {
      for (const address of ['10.96.0.10', '10.244.9.9', '198.51.100.1', 'fd00:10:244:2::5', '2001:db8::9']) {
        const said = await run('sh', ['-c', `${tries(address)}; true`]);
        expect(said).not.to.match(/ 1 packets received|server/);
      }
    });

    it('answers nodes at the API server and on no other port', async () => {
      const code = `curl -sk -m 3 -o /dev/null -w '%{http_code}' https://${network.control}:6443/readyz`;
      expect(await onNode('node-b', code)).to.equal('200');
      for (const port of [22, 2379, 10257]) {
        expect(
          await onNode('node-b', `curl -s -m 1 telnet://${network.control}:${port} || echo $?`),
        ).to.equal('28\n');
      }
      const listening = (await run('ss', ['-Hltn'])).split('\n');
      const ours = listening.filter((line) => /:(6443|2379|2380|10257|10259) /.test(line));
      expect(ours.every((line) => line.includes('127.0.0.1:'))).to.equal(true, ours.join('\n'));
    });

    it('has seen no packet of the cluster on a real interface in all of this', async () => {
      expect(await readCapture()).to.deep.equal({ packets: 0, flows: [] });
    });
  });
});

/** Addresses of the machine's own gateways: what a leaking packet would reach first. */
async function gateways(): Promise<string[]> {
  const routes = (await run('ip', ['route'])) + (await run('ip', ['-6', 'route']));
  return [...routes.matchAll(/^default via (\S+)/gm)].map((match) => match[1] ?? '');
}
