/** What happened to one path of a container; the words of PodDiff. */
export type ChangeKind = 'added' | 'deleted' | 'modified' | 'metadata' | 'touched' | 'typechanged';

export type FileType = 'file' | 'directory' | 'symlink' | 'fifo' | 'socket' | 'block' | 'character';

/**
 * What is remarkable about a change. `runtime`: made by the container runtime before the program started;
 * `shadowed`: hidden from the container's processes by a mount; `opaque`: gone with its directory, which was made anew;
 * `not-compared`: the contents were not read on both sides, and `blind` says why.
 */
export type Flag =
  | 'setuid'
  | 'setgid'
  | 'capabilities'
  | 'executable'
  | 'mtime-spoofed'
  | 'runtime'
  | 'shadowed'
  | 'opaque'
  | 'world-writable'
  | 'not-compared';

/** One side of a change. Times are RFC 3339 in UTC with nanoseconds, as the node's clock and its root have it. */
export interface FileFacts {
  readonly type: FileType;
  /** Permission bits with setuid, setgid and sticky, octal, such as `04755`. */
  readonly mode: string;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly mtime: string;
  readonly ctime: string;
  /** Of the content; absent when it was not read. */
  readonly sha256?: string;
  /** Of a symbolic link, escaped like a path. */
  readonly target?: string;
  /** `major:minor` of a device. */
  readonly device?: string;
}

/** One entry of the diff: the facts of the container's side, those of the image's side under `before`. */
export interface Change extends Partial<FileFacts> {
  /** Absolute in the container; `\xNN` for what is not printable UTF-8. */
  readonly path: string;
  /** Base64 of the raw path when `path` is escaped. */
  readonly pathBytes?: string;
  readonly change: ChangeKind;
  readonly type: FileType;
  /** What the content starts with. */
  readonly content?: 'elf' | 'script';
  readonly before?: FileFacts;
  /** Of a deletion: it happened at this time or before. */
  readonly notAfter?: string;
  readonly flags: readonly Flag[];
}

/** A mount inside the container; its content is no part of the diff. */
export interface ContainerMount {
  readonly path: string;
  readonly type: string;
  readonly source: string;
  readonly readOnly: boolean;
  /** The same directory as the node sees it, where the node has a mount of that file system. */
  readonly nodePath?: string;
}

/** A process of the container that runs a file which has no name. */
export interface HiddenProcess {
  readonly pid: number;
  /** Inside the container. */
  readonly containerPid?: number;
  readonly name: string;
  /** What /proc/PID/exe says, escaped. */
  readonly executable: string;
  readonly reason: 'deleted' | 'memfd';
  readonly size: number;
  readonly started?: string;
}

/** Something that was not looked at, why, and what to do instead. */
export interface Blind {
  readonly what: string;
  readonly why: string;
  readonly instead?: string;
}

export interface DiffSummary {
  /** Changes of each kind, those of the runtime not counted. */
  readonly counts: Readonly<Partial<Record<ChangeKind, number>>>;
  readonly runtime: number;
  readonly processes: number;
  /** True when every layer was read and every content compared. */
  readonly complete: boolean;
  /** True when file capabilities were compared; the collector needs getfattr for it. */
  readonly capabilities: boolean;
}

export interface ContainerDiff {
  readonly name: string;
  readonly id: string;
  readonly runtime: string;
  readonly image: string;
  readonly imageID: string;
  readonly state: string;
  /** Storage driver of the root file system; empty when it could not be found out. */
  readonly driver: string;
  readonly changes: readonly Change[];
  readonly mounts: readonly ContainerMount[];
  readonly processes: readonly HiddenProcess[];
  readonly blind: readonly Blind[];
  readonly summary: DiffSummary;
}

/** What the containers of a pod changed against their images; published as schema/pod-diff.json. */
export interface PodDiff {
  readonly apiVersion: 'kubectl-ir/v1';
  readonly kind: 'PodDiff';
  readonly pod: {
    readonly namespace: string;
    readonly name: string;
    readonly uid: string;
    readonly node: string;
  };
  readonly containers: readonly ContainerDiff[];
}
