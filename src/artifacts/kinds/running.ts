import { containerOf } from '../cgroup.ts';
import {
  containerOfEntry,
  containerOfFile,
  type ContainerRecord,
  joinedContainer,
} from '../container-record.ts';
import type { TrackedFlow } from '../conntrack.ts';
import type { HeldSocket, RunningProcess } from '../joined.ts';
import type { KernelSymbol } from '../kernel-symbols.ts';
import { type Cell, type Kind, kind } from '../kind.ts';
import type { MemoryRegion } from '../memory-map.ts';
import type { KernelModule } from '../modules.ts';
import type { Mount } from '../mountinfo.ts';
import type { InterfaceAddress, Neighbour, Route } from '../net-link.ts';
import { isKernelThread } from '../proc-stat.ts';
import type { ProcessRecord } from '../process-table.ts';

/** What ran when the node was looked at. */
export const runningKinds: readonly Kind[] = [
  kind<RunningProcess>(
    'processes',
    'what ran, whose it was, in which container',
    ['process'],
    {
      PID: ({ pid }) => pid,
      PPID: ({ stat, status }) => stat?.ppid ?? status?.parent,
      UID: ({ status }) => status?.uids[1],
      STARTED: ({ started }) => started,
      CONTAINER: (process) => containerText(process),
      COMMAND: (process) => commandOf(process),
      FILE: ({ executable, deleted }) => (deleted ? [executable ?? '', '(no file any more)'] : executable),
      CAPABILITIES: ({ status }) => status?.effective?.toString(16),
      SECCOMP: ({ status }) => status?.seccomp,
      'PID INSIDE': ({ status }) => status?.namespacePids.at(-1),
    },
    { wide: ['FILE', 'CAPABILITIES', 'SECCOMP', 'PID INSIDE'] },
  ),
  kind<HeldSocket>(
    'sockets',
    'who talked to whom, by which process',
    ['sockets'],
    {
      PROTOCOL: ({ family }) => family,
      LOCAL: (socket) => localOf(socket),
      REMOTE: (socket) =>
        'remotePort' in socket ? endpoint(socket.remoteAddress, socket.remotePort) : undefined,
      STATE: (socket) => stateOf(socket),
      PROCESSES: ({ holders }) => holders.flatMap((process) => [`${process.pid}/`, nameOf(process)]),
      CONTAINER: ({ holders }) => (holders[0] === undefined ? undefined : containerText(holders[0])),
      UID: (socket) => ('uid' in socket ? socket.uid : undefined),
      NAMESPACE: ({ namespace }) => namespace,
      INODE: ({ inode }) => inode,
    },
    { wide: ['UID', 'NAMESPACE', 'INODE'] },
  ),
  kind<TrackedFlow>('flows', 'flows that the kernel tracked', ['conntrack'], {
    PROTOCOL: ({ protocol }) => protocol,
    STATE: ({ state }) => state,
    FROM: ({ original }) => endpoint(original.source, original.sourcePort),
    TO: ({ original }) => endpoint(original.destination, original.destinationPort),
    'ANSWERED BY': ({ reply }) => endpoint(reply.source, reply.sourcePort),
    FLAGS: ({ flags }) => flags,
  }),
  kind<Neighbour>('neighbours', 'machines on the same link', ['arp'], {
    ADDRESS: ({ address }) => address,
    HARDWARE: ({ hardware }) => hardware,
    DEVICE: ({ device }) => device,
    FLAGS: ({ flags }) => flags,
  }),
  kind<Route>('routes', 'where traffic leaves', ['routes', 'routes of IPv6'], {
    DESTINATION: ({ destination }) => destination,
    GATEWAY: ({ gateway }) => gateway,
    DEVICE: ({ device }) => device,
    METRIC: ({ metric }) => metric,
  }),
  kind<InterfaceAddress>('addresses', 'addresses of IPv6', ['interface address'], {
    ADDRESS: ({ address, prefix }) => `${address}/${prefix}`,
    DEVICE: ({ device }) => device,
  }),
  kind<Mount>(
    'mounts',
    'what was mounted where, for each mount namespace',
    ['mount table'],
    {
      POINT: ({ point }) => point,
      TYPE: ({ type }) => type,
      SOURCE: ({ source }) => source,
      ROOT: ({ root }) => root,
      OPTIONS: ({ options }) => options.join(','),
      DEVICE: ({ device }) => device,
      PROPAGATION: ({ propagation }) => propagation.join(','),
    },
    { wide: ['DEVICE', 'PROPAGATION'] },
  ),
  kind<MemoryRegion>(
    'memory',
    'memory that may be executed',
    ['memory map'],
    {
      START: ({ start }) => start.toString(16),
      BYTES: ({ start, end }) => end - start,
      PERMISSIONS: ({ permissions }) => permissions,
      FILE: ({ path }) => path,
      INODE: ({ inode }) => inode,
    },
    {
      rows: (record) =>
        'permissions' in record && String(record.permissions)[2] === 'x' ? [record as MemoryRegion] : [],
    },
  ),
  kind<KernelModule>('modules', 'kernel modules that were loaded', ['modules'], {
    NAME: ({ name }) => name,
    SIZE: ({ size }) => size,
    'USED BY': ({ usedBy }) => usedBy,
    STATE: ({ state }) => state,
    TAINTS: ({ taints }) => taints,
  }),
  kind<KernelSymbol>(
    'bpf',
    'eBPF programs that the kernel had compiled',
    ['kernel symbols'],
    {
      PROGRAM: ({ name }) => name.replace(/^bpf_prog_[0-9a-f]{16}_?/, ''),
      TAG: ({ tag }) => tag,
      ADDRESS: ({ address }) => address.toString(16),
    },
    { rows: (record) => ('tag' in record ? [record as KernelSymbol] : []) },
  ),
  kind<ContainerRecord>(
    'containers',
    'with what each container was started, and how it is doing',
    [
      'oci spec',
      'docker container',
      'docker settings',
      'containerd database',
      'containerd status',
      'cri-o state',
      'containers storage',
      'podman bolt database',
      'podman database',
    ],
    {
      NAMESPACE: ({ namespace }) => namespace,
      POD: ({ pod }) => pod,
      CONTAINER: (record) => calledContainer(record),
      IMAGE: ({ image }) => image,
      STATE: ({ state, exitCode }) => (exitCode === undefined ? state : `${state ?? ''} (${exitCode})`),
      STARTED: ({ started, created }) => started ?? created,
      'OPEN TO THE NODE': (record) => openings(record),
      COMMAND: ({ args }) => args,
      FINISHED: ({ finished }) => finished,
      PID: ({ pid }) => pid,
      RUNTIME: ({ runtime, runtimeNamespace }) =>
        runtimeNamespace === undefined ? runtime : [`${runtime ?? ''} (${runtimeNamespace})`],
      ID: ({ id }) => id.slice(0, 12),
      ERROR: ({ error }) => error,
    },
    {
      wide: ['FINISHED', 'PID', 'RUNTIME', 'ID', 'ERROR'],
      join: {
        ofItem: containerOfFile,
        ofRecord: (record) => containerOfEntry(record as ContainerRecord),
        row: (of, records, files) => joinedContainer(of, records as readonly ContainerRecord[], files),
      },
    },
  ),
];

function containerText({ container }: ProcessRecord): string | undefined {
  const { containerId, podUid, podConfigHash } = container;
  const pod = podUid ?? podConfigHash;
  if (containerId === undefined) return pod;
  return pod === undefined ? containerId.slice(0, 12) : `${pod}/${containerId.slice(0, 12)}`;
}

/** Arguments, or the name in brackets as ps prints it. */
function commandOf(process: ProcessRecord): Cell {
  if (process.arguments.length > 0) return process.arguments;
  const kernel = process.stat !== undefined && isKernelThread(process.stat);
  return kernel ? ['[', nameOf(process), ']'] : nameOf(process);
}

function nameOf({ stat, status }: ProcessRecord): Buffer | string {
  return stat?.comm ?? status?.name ?? '';
}

function endpoint(address: string, port: number | undefined): string {
  if (port === undefined) return address;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

function localOf(socket: HeldSocket): Cell {
  if ('localAddress' in socket) return endpoint(socket.localAddress, socket.localPort);
  if (socket.family === 'unix') return socket.path;
  if (socket.family === 'packet') return `protocol ${socket.protocol}, interface ${socket.interfaceIndex}`;
  return `protocol ${socket.protocol}, port ${socket.portId}`;
}

function stateOf(socket: HeldSocket): Cell {
  if (socket.family === 'unix')
    return socket.listening ? 'LISTEN' : (['', 'UNCONNECTED', 'CONNECTING', 'CONNECTED'][socket.state] ?? '');
  return 'localAddress' in socket ? socket.state : undefined;
}

/** Its name in its pod, or as the runtime calls it; one of another namespace of containerd than the kubelet's has nothing but its id. */
function calledContainer({ container, name, kind: type, id, runtimeNamespace }: ContainerRecord): Cell {
  const called = container ?? name ?? type;
  return called === undefined && runtimeNamespace !== undefined ? `${runtimeNamespace}/${id}` : called;
}

const ownNamespaces = ['pid', 'network', 'mount', 'ipc', 'uts'];

/** What of the node a container could use, in the words of its pod's specification; nothing where its file does not tell. */
function openings(record: ContainerRecord): string[] {
  const { namespaces, mounts = [], capabilities = [], allDevices = false, maskedPaths = [] } = record;
  const missing = ownNamespaces.filter((type) => namespaces?.every((one) => one.type !== type) === true);
  return [
    ...(allDevices && maskedPaths.length === 0 ? ['privileged'] : []),
    ...missing.map((type) => `host-${type}`),
    ...capabilities.filter((name) =>
      ['SYS_ADMIN', 'SYS_PTRACE', 'SYS_MODULE', 'NET_ADMIN', 'DAC_READ_SEARCH', 'BPF'].includes(name),
    ),
    ...mounts
      .filter(
        ({ type, source }) =>
          type === 'bind' &&
          /^\/(?:$|etc|root|usr|boot|proc|sys|dev$|var\/(?:log|run|lib)(?:$|\/(?!kubelet\/pods)))|\.sock$/.test(
            source,
          ),
      )
      .filter(({ source }) => containerOf(source).podUid === undefined)
      .map(({ source }) => source),
  ];
}
