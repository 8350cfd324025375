import type { BodyfileEntry } from '../artifacts/bodyfile.ts';
import type { HeldSocket, RunningProcess } from '../artifacts/joined.ts';
import type { KubeletConfiguration } from '../artifacts/kubelet-config.ts';
import type { Malformed } from '../artifacts/lines.ts';
import type { KernelModule } from '../artifacts/modules.ts';
import type { Mount } from '../artifacts/mountinfo.ts';
import type { OciSpec } from '../artifacts/oci-spec.ts';
import type { LoginRecord } from '../artifacts/utmp.ts';
import type { ClusterTraces } from './cluster-book.ts';
import type { ContainerChanges } from './container-changes.ts';
import type { Source, Traced } from './finding.ts';
import type { LogTraces } from './log-book.ts';
import type { ProgramTraces } from './program-book.ts';

/** A process with the links that tell where it stands. */
export interface TracedProcess extends RunningProcess {
  readonly source: Source;
  /** The acquisitions in which it was seen. */
  readonly looks: ReadonlySet<string>;
  /** Open files by their number, raw targets. */
  readonly descriptors: ReadonlyMap<number, Traced<Buffer>>;
  /** Target of /proc/PID/root, raw. */
  readonly root?: Traced<Buffer>;
  /** Content of /proc/PID/environ. */
  readonly environment?: Traced<Buffer>;
  /** It started while evidence was collected: a runtime that is starting something looks odd for a moment. */
  readonly young: boolean;
  /** Seconds that it had run when it was looked at. */
  readonly lifetime?: number;
  /** sha256 of the program that it runs, where a copy was kept. */
  readonly kept?: Traced<string>;
}

/** The mounts of one mount namespace, read through one process in it. */
export interface MountTable {
  readonly source: Source;
  readonly mounts: readonly Mount[];
}

/** A specification and the namespace of the runtime that it stood in, such as `k8s.io`. */
export interface TracedSpec extends OciSpec {
  readonly runtimeNamespace: string;
}

/** A small file of the node, whole or its beginning; times are seconds since the epoch by the node's clock. */
export interface TracedFile {
  /** On the node, one byte per character. */
  readonly path: string;
  readonly bytes: Buffer;
  /** Not all of it came: its digest is that of no file. */
  readonly cut?: true;
  readonly modified?: number;
  readonly changed?: number;
}

/** A symbolic link of the node. */
export interface TracedLink {
  readonly path: string;
  readonly target: Buffer;
}

/** What the acquisitions of a case hold of one node, for rules to read. Lists are in the order of the acquisitions. */
export interface NodeTraces extends ClusterTraces, ProgramTraces {
  readonly node: string;
  /** All but our own; of a process that was seen twice, the last look. */
  readonly processes: readonly TracedProcess[];
  /** Process 1, whose namespaces are the node's. */
  readonly host?: TracedProcess;
  /** Connected, listening, raw and packet sockets. */
  readonly sockets: readonly Traced<HeldSocket>[];
  /** By acquisition and number of the mount namespace, `ACQUISITION NUMBER`: numbers are given out anew. */
  readonly mountTables: ReadonlyMap<string, MountTable>;
  readonly specifications: readonly Traced<TracedSpec>[];
  readonly modules: readonly Traced<KernelModule>[];
  readonly kubelets: readonly Traced<KubeletConfiguration>[];
  readonly logins: readonly Traced<LoginRecord | Malformed>[];
  readonly logs: LogTraces;
  /** Of the body file what rules ask for: setuid files, devices, links among the logs of pods. */
  readonly metadata: readonly Traced<BodyfileEntry>[];
  /** Small files by their name in the acquisition, one byte per character. */
  readonly files: ReadonlyMap<string, readonly Traced<TracedFile>[]>;
  readonly links: readonly Traced<TracedLink>[];
  readonly changes: readonly Traced<readonly ContainerChanges[]>[];
  /** Ids of containers of ours. */
  readonly own: ReadonlySet<string>;
  /** When the first acquisition of the node began, RFC 3339 by the responder's clock. */
  readonly begun: string;
}
