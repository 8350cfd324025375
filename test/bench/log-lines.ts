/** Lines as a node's files have them, each by its number. */
type LineOf = (index: number) => string;

const start = 1_763_000_000;

/** Of a container, as containerd and CRI-O write it. */
export const containerLogLine: LineOf = (index) => {
  const time = new Date(start * 1000 + index).toISOString();
  return `${time.slice(0, -1)}${String(index % 1_000_000).padStart(6, '0')}Z stdout F ${request(index)}\n`;
};

/** The same as docker writes it. */
export const dockerLogLine: LineOf = (index) => {
  const time = `${new Date(start * 1000 + index).toISOString().slice(0, -1)}000001Z`;
  return `${JSON.stringify({ log: `${request(index)}\n`, stream: 'stdout', time })}\n`;
};

function request(index: number): string {
  return `${index} GET /shop/cart/${index % 997} 200 from 198.51.100.${index % 250} in ${index % 83} ms`;
}

/** Of the system's log in the old form of time. */
export const syslogLine: LineOf = (index) => {
  const clock = new Date((start + (index >> 3)) * 1000).toISOString().slice(11, 19);
  return `Nov 13 ${clock} node-a sshd[${index % 32_768}]: Failed password for invalid user test${index % 97} from 198.51.100.${index % 250} port ${index % 65_536} ssh2\n`;
};

/** Records as an audit rule for programs that are run makes them, and a login. */
export const auditLines: LineOf = (index) => {
  const stamp = `msg=audit(${start + (index >> 5)}.${String(index % 1000).padStart(3, '0')}:${index})`;
  return `type=SYSCALL ${stamp}: arch=c000003e syscall=59 success=yes exit=0 a0=5581e3d0a2c0 a1=5581e3d0a3b0 a2=5581e3d0a4e0 a3=8 items=2 ppid=${index % 997} pid=${index % 32_768} auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=${index % 89} comm="kubelet" exe="/usr/bin/kubelet" subj=unconfined key="exec"
type=EXECVE ${stamp}: argc=3 a0="kubelet" a1="--config=/var/lib/kubelet/config.yaml" a2="--v=2"
type=CWD ${stamp}: cwd="/var/lib/kubelet"
type=PATH ${stamp}: item=0 name="/usr/bin/kubelet" inode=${index} dev=fd:00 mode=0100755 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0
type=PROCTITLE ${stamp}: proctitle=6B7562656C6574002D2D636F6E6669673D2F7661722F6C69622F6B7562656C6574
type=USER_LOGIN ${stamp}: pid=${index % 997} uid=0 auid=1000 ses=4 msg='op=login id=1000 exe="/usr/sbin/sshd" hostname=198.51.100.7 addr=198.51.100.7 terminal=ssh res=success'
`;
};

/** An event of the API server's audit log, at the level of metadata. */
export const apiAuditLine: LineOf = (index) => {
  const time = `${new Date(start * 1000 + index).toISOString().slice(0, -1)}000Z`;
  const uri = `/api/v1/namespaces/shop/configmaps/settings-${index % 97}?timeout=10s`;
  return `${JSON.stringify({
    ...{ kind: 'Event', apiVersion: 'audit.k8s.io/v1', level: 'Metadata', stage: 'ResponseComplete' },
    ...{
      auditID: `a4dbd1a2-0000-4000-8000-${String(index).padStart(12, '0')}`,
      requestURI: uri,
      verb: 'get',
    },
    user: {
      username: 'system:serviceaccount:shop:web',
      uid: 'f3a1d2c4-5b6e-4f70-8a9b-0c1d2e3f4a5b',
      groups: ['system:serviceaccounts', 'system:serviceaccounts:shop', 'system:authenticated'],
    },
    ...{ sourceIPs: [`198.51.100.${index % 250}`], userAgent: 'web/1.4 (linux/amd64) kubernetes/$Format' },
    objectRef: {
      resource: 'configmaps',
      namespace: 'shop',
      name: `settings-${index % 97}`,
      apiVersion: 'v1',
    },
    responseStatus: { metadata: {}, code: 200 },
    ...{ requestReceivedTimestamp: time, stageTimestamp: time },
    annotations: { 'authorization.k8s.io/decision': 'allow', 'authorization.k8s.io/reason': 'RBAC' },
  })}\n`;
};

/** Of a body file. */
export const bodyfileLine: LineOf = (index) => {
  const time = start + (index % 86_400);
  return `0|/usr/share/doc/package-${index % 3000}/file-${index}|${index}|-rw-r--r--|0|0|${index % 100_000}|${time}|${time}|${time}|0\n`;
};
