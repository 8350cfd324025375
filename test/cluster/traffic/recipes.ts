/**
 * Specs of NetworkPolicies in the namespace `shop`, and what passes while they stand: the rest of their neighbourhood
 * stays as open as it was before. A connection is `FROM -> TO`, over TCP to port 8080 when nothing else is named.
 * `web`, `cart` and `stranger` are pods of `shop`, `ops/cart` and `ops/stranger` those of `ops`, one of each on every
 * node; `host` is a pod of `shop` on its node's network; `outside` and `c2` lie outside; `dns` is the cluster's DNS.
 */
export interface Recipe {
  readonly name: string;
  readonly policies: readonly object[];
  readonly open: readonly string[];
  readonly shut: readonly string[];
}

const app = (name: string): object => ({ matchLabels: { app: name } });
const ops = { matchLabels: { team: 'ops' } };

/** Lets the pods with label `app` be reached by these rules only. */
const into = (name: string, ...ingress: object[]): object => ({ podSelector: app(name), ingress });
/** Lets the pods with label `app` reach what these rules name only. */
const outOf = (name: string, ...egress: object[]): object => ({
  podSelector: app(name),
  policyTypes: ['Egress'],
  egress,
});
const denyIngress = { podSelector: {} };
const denyEgress = { podSelector: {}, policyTypes: ['Egress'] };
const denyBoth = { podSelector: {}, policyTypes: ['Ingress', 'Egress'] };

/** The range of `outside` and `c2`, without the quarter that holds `c2`. */
const ranges = [
  { ipBlock: { cidr: '198.51.100.0/24', except: ['198.51.100.64/26'] } },
  { ipBlock: { cidr: '2001:db8::/64', except: ['2001:db8::40/122'] } },
];

/** The public collection of recipes of the API, the examples of its documentation, and what they leave out. */
export const recipes: readonly Recipe[] = [
  {
    name: 'deny all traffic to an application',
    policies: [into('web')],
    open: ['web -> cart', 'cart -> stranger', 'web -> outside'],
    shut: ['cart -> web', 'cart -> web udp/5300', 'ops/cart -> web', 'outside -> web'],
  },
  {
    name: 'limit traffic to an application',
    policies: [into('web', { from: [{ podSelector: app('cart') }] })],
    open: ['cart -> web', 'cart -> web udp/5300', 'stranger -> cart'],
    shut: ['stranger -> web', 'ops/cart -> web', 'outside -> web', 'stranger -> web udp/5300'],
  },
  {
    name: 'allow all traffic to an application, which no denial takes back',
    policies: [denyIngress, into('web', {})],
    open: ['cart -> web', 'ops/stranger -> web', 'outside -> web', 'outside -> web udp/5300'],
    shut: ['web -> cart'],
  },
  {
    name: 'deny all traffic that is not allowed in a namespace',
    policies: [denyIngress, into('web', { from: [{ podSelector: app('cart') }] })],
    open: ['cart -> web', 'web -> ops/cart', 'cart -> outside'],
    shut: ['stranger -> web', 'web -> cart', 'ops/cart -> cart', 'outside -> stranger'],
  },
  {
    name: 'deny traffic from other namespaces',
    policies: [{ podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] }],
    open: ['cart -> web', 'stranger -> cart', 'web -> cart udp/5300', 'cart -> ops/cart'],
    shut: ['ops/cart -> web', 'ops/stranger -> cart', 'outside -> web', 'ops/cart -> web udp/5300'],
  },
  {
    name: 'allow traffic from all namespaces',
    policies: [denyIngress, into('web', { from: [{ namespaceSelector: {} }] })],
    open: ['cart -> web', 'ops/cart -> web', 'ops/stranger -> web'],
    shut: ['outside -> web', 'ops/cart -> cart'],
  },
  {
    name: 'allow traffic from one namespace',
    policies: [into('web', { from: [{ namespaceSelector: ops }] })],
    open: ['ops/cart -> web', 'ops/stranger -> web'],
    shut: ['cart -> web', 'outside -> web'],
  },
  {
    name: 'allow traffic from a namespace by its name',
    policies: [
      into('web', {
        from: [
          {
            namespaceSelector: {
              matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: ['ops'] }],
            },
          },
        ],
      }),
    ],
    open: ['ops/cart -> web', 'ops/stranger -> web'],
    shut: ['cart -> web', 'outside -> web'],
  },
  {
    name: 'allow traffic from some pods in another namespace',
    policies: [into('web', { from: [{ namespaceSelector: ops, podSelector: app('cart') }] })],
    open: ['ops/cart -> web'],
    shut: ['ops/stranger -> web', 'cart -> web', 'outside -> web'],
  },
  {
    name: 'allow traffic from a namespace or from some pods',
    policies: [into('web', { from: [{ namespaceSelector: ops }, { podSelector: app('cart') }] })],
    open: ['ops/cart -> web', 'ops/stranger -> web', 'cart -> web'],
    shut: ['stranger -> web', 'outside -> web'],
  },
  {
    name: 'allow external traffic',
    policies: [denyIngress, into('web', { from: [] })],
    open: ['outside -> web', 'c2 -> web', 'cart -> web'],
    shut: ['outside -> cart', 'stranger -> cart'],
  },
  {
    name: 'allow traffic only to a port of an application',
    policies: [into('web', { ports: [{ port: 8081 }] })],
    open: ['cart -> web tcp/8081', 'ops/cart -> web tcp/8081', 'outside -> web tcp/8081'],
    shut: ['cart -> web', 'cart -> web udp/8081', 'outside -> web'],
  },
  {
    name: 'allow some pods only to a port',
    policies: [into('web', { from: [{ podSelector: app('cart') }], ports: [{ port: 8081 }] })],
    open: ['cart -> web tcp/8081'],
    shut: ['cart -> web', 'stranger -> web tcp/8081', 'ops/cart -> web tcp/8081'],
  },
  {
    name: 'allow traffic by several selectors',
    policies: [
      into(
        'web',
        {
          from: [
            { podSelector: { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['stranger'] }] } },
          ],
        },
        { from: [{ podSelector: { matchLabels: { app: 'stranger', tier: 'none' } } }] },
      ),
    ],
    open: ['cart -> web'],
    shut: ['stranger -> web', 'ops/cart -> web'],
  },
  {
    name: 'allow traffic by two policies: their union',
    policies: [
      into('web', { from: [{ podSelector: app('cart') }] }),
      into('web', { from: [{ namespaceSelector: ops }], ports: [{ port: 8081 }] }),
    ],
    open: ['cart -> web', 'cart -> web tcp/8081', 'ops/cart -> web tcp/8081'],
    shut: ['ops/cart -> web', 'stranger -> web', 'stranger -> web tcp/8081'],
  },
  {
    name: 'a port by its name, of each protocol',
    policies: [into('web', { ports: [{ port: 'http' }, { port: 'names', protocol: 'UDP' }] })],
    open: ['cart -> web', 'outside -> web', 'cart -> web udp/5300'],
    shut: ['cart -> web tcp/8081', 'cart -> web udp/8080', 'cart -> web tcp/5300'],
  },
  {
    name: 'a range of ports',
    policies: [into('web', { ports: [{ port: 8080, endPort: 8081 }] })],
    open: ['cart -> web', 'cart -> web tcp/8081', 'outside -> web tcp/8081'],
    shut: ['cart -> web tcp/8082', 'cart -> web udp/8081', 'outside -> web tcp/8082'],
  },
  {
    name: 'all ports of one protocol',
    policies: [into('web', { ports: [{ protocol: 'UDP' }] })],
    open: ['cart -> web udp/5300', 'ops/cart -> web udp/8081', 'outside -> web udp/8080'],
    shut: ['cart -> web', 'outside -> web tcp/8081'],
  },
  {
    name: 'address ranges with exceptions, inwards',
    policies: [into('web', { from: ranges })],
    open: ['outside -> web', 'outside -> web udp/5300'],
    shut: ['c2 -> web', 'c2 -> web udp/5300', 'cart -> web', 'ops/cart -> web'],
  },
  {
    name: 'address ranges with exceptions, outwards',
    policies: [outOf('cart', { to: ranges, ports: [{ port: 8080 }] })],
    open: ['cart -> outside', 'stranger -> c2', 'web -> cart'],
    shut: ['cart -> c2', 'cart -> outside udp/8080', 'cart -> web', 'cart -> dns'],
  },
  {
    name: 'deny egress traffic from an application',
    policies: [outOf('cart')],
    open: ['web -> cart', 'stranger -> web', 'stranger -> outside'],
    shut: ['cart -> web', 'cart -> web udp/5300', 'cart -> ops/cart', 'cart -> outside', 'cart -> dns'],
  },
  {
    name: 'deny all egress traffic from a namespace',
    policies: [denyEgress],
    open: ['ops/cart -> web', 'outside -> web', 'ops/cart -> outside'],
    shut: ['cart -> web', 'stranger -> ops/cart', 'web -> outside', 'web -> dns'],
  },
  {
    name: 'deny egress traffic but for names',
    policies: [
      denyEgress,
      {
        podSelector: {},
        policyTypes: ['Egress'],
        egress: [
          {
            to: [
              {
                namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
                podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
              },
            ],
            ports: [
              { protocol: 'UDP', port: 53 },
              { protocol: 'TCP', port: 53 },
            ],
          },
        ],
      },
    ],
    open: ['cart -> dns', 'web -> dns', 'ops/cart -> web'],
    shut: ['cart -> web', 'web -> outside', 'cart -> ops/cart udp/5300'],
  },
  {
    name: 'deny egress traffic to the outside',
    policies: [outOf('cart', { to: [{ namespaceSelector: {} }] })],
    open: ['cart -> web', 'cart -> ops/cart udp/5300', 'cart -> dns', 'stranger -> outside'],
    shut: ['cart -> outside', 'cart -> c2 tcp/8081', 'cart -> outside udp/5300'],
  },
  {
    name: 'egress traffic to a port by its name',
    policies: [outOf('cart', { to: [{ podSelector: app('web') }], ports: [{ port: 'http' }] })],
    open: ['cart -> web', 'stranger -> web tcp/8081'],
    shut: ['cart -> web tcp/8081', 'cart -> stranger', 'cart -> ops/cart'],
  },
  {
    name: 'rules for egress without policyTypes isolate both ways',
    policies: [{ podSelector: app('cart'), egress: [{ to: [{ podSelector: app('web') }] }] }],
    open: ['cart -> web', 'stranger -> web'],
    shut: ['cart -> ops/cart', 'web -> cart', 'ops/cart -> cart'],
  },
  {
    name: 'a connection that only one side allows',
    policies: [
      outOf('cart', { to: [{ podSelector: app('web') }, { podSelector: app('stranger') }] }),
      into('web', { from: [{ podSelector: app('stranger') }] }),
    ],
    open: ['stranger -> web', 'cart -> stranger'],
    shut: ['cart -> web', 'cart -> ops/cart'],
  },
  {
    name: 'deny everything both ways, but not between a pod and its own node',
    policies: [denyBoth],
    open: ['own node -> web', 'web -> own node', 'ops/cart -> ops/stranger'],
    shut: ['cart -> web', 'ops/cart -> web', 'web -> ops/cart', 'other node -> web', 'web -> other node'],
  },
  {
    name: 'pods on the network of their node are left alone',
    policies: [denyBoth],
    open: ['ops/cart -> host', 'outside -> host', 'host -> ops/cart', 'host -> outside'],
    shut: ['outside -> web'],
  },
];
