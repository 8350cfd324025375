/** What happened to one path of a container; the words of PodDiff. */
export type ChangeKind =
  'added' | 'deleted' | 'modified' | 'metadata' | 'touched' | 'renamed' | 'typechanged';

export type FileType = 'file' | 'directory' | 'symlink' | 'fifo' | 'socket' | 'block' | 'character';

/**
 * What is remarkable about a change. `runtime`: made by the container runtime before the program started;
 * `shadowed`: hidden from the container's processes by a mount; `opaque`: gone with its directory, which was made anew;
 * `since-incident`: changed on disk after the incident began, as far as the case knows when that was;
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
  | 'since-incident'
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
  /** Where the image has what was renamed, escaped like a path; `before` is of there. */
  readonly from?: string;
  readonly fromBytes?: string;
  /** Another name of the same file in the writable layer, escaped like a path. */
  readonly hardLinkOf?: string;
  /** Of a deleted directory: how many entries the image has in it that did not go elsewhere. */
  readonly below?: number;
  /** Of a deletion: it happened at this time or before. */
  readonly notAfter?: string;
  readonly flags: readonly Flag[];
}

/** The changes of one container, what matters first. They may lie on disk, so they are read one after the other. */
export interface Changes extends AsyncIterable<Change> {
  /** Of each kind, those that the runtime made not counted. */
  readonly counts: Readonly<Partial<Record<ChangeKind, number>>>;
  /** How many the runtime made. */
  readonly runtime: number;
}

/** A mount inside the container; its content is no part of an image. */
export interface ContainerMount {
  readonly path: string;
  readonly type: string;
  readonly source: string;
  readonly readOnly: boolean;
  /** The same directory as the node sees it, where the node has a mount of that file system. */
  readonly nodePath?: string;
  /** What is in it that changed since the pod was made, where it was looked at: memory and volumes that came with the pod. */
  readonly content?: MountContent;
}

/** What lies on a mount: how many entries changed since the pod was made, and the first of them. */
export interface MountContent {
  readonly newer: number;
  /** Where it was read: on the node's disk, or through the process, because memory has no other door. */
  readonly readFrom: 'node' | 'process';
  /** There was more than is listed. */
  readonly cut?: boolean;
  readonly entries: readonly MountEntry[];
}

export interface MountEntry extends FileFacts {
  /** Absolute in the container, escaped like that of a change. */
  readonly path: string;
  readonly pathBytes?: string;
}

/** A file without a name that a process of the container still has open. */
export interface OpenFile {
  readonly pid: number;
  readonly containerPid?: number;
  readonly descriptor: number;
  /** What the link says, escaped. */
  readonly path: string;
  readonly reason: 'deleted' | 'memfd';
  readonly size: number;
}

/** Mounts that a process of the container sees and its first process does not: a mount namespace made from inside. */
export interface PrivateNamespace {
  readonly pids: readonly number[];
  /** The number of the namespace, as in /proc/PID/ns/mnt. */
  readonly namespace: string;
  readonly mounts: readonly ContainerMount[];
}

/** A process of the container that runs a file which has no name, or which is not of the image. */
export interface HiddenProcess {
  readonly pid: number;
  /** Inside the container. */
  readonly containerPid?: number;
  readonly name: string;
  /** What /proc/PID/exe says, escaped. */
  readonly executable: string;
  readonly reason: 'deleted' | 'memfd' | 'changed';
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
  /** Processes that run what the image has not. */
  readonly processes: number;
  /** Files without a name that are still open. */
  readonly openFiles: number;
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
  readonly changes: Changes;
  readonly mounts: readonly ContainerMount[];
  readonly processes: readonly HiddenProcess[];
  readonly openFiles: readonly OpenFile[];
  readonly namespaces: readonly PrivateNamespace[];
  readonly blind: readonly Blind[];
  readonly summary: DiffSummary;
}

/** What the containers of a pod changed against their images; printed as schema/pod-diff.json says, with the changes as a list. */
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

/** A diff as it is printed and kept: the changes are a list. */
export type PodDiffData = Omit<PodDiff, 'containers'> & { readonly containers: readonly ContainerDiffData[] };
export type ContainerDiffData = Omit<ContainerDiff, 'changes'> & { readonly changes: readonly Change[] };
