import { parseAuthorizedKeys } from '../artifacts/authorized-keys.ts';
import { parseCrontab } from '../artifacts/crontab.ts';
import { isMalformed } from '../artifacts/lines.ts';
import { type Confidence, type Evidence, evidence, excerptOf, type Source, type Subject } from './finding.ts';
import { type Indicator, indicatorKey, plainAddress } from './indicator.ts';
import { processIn } from './process-identity.ts';
import { subjectOf } from './subject.ts';
import type { NodeTraces, TracedProcess } from './traces.ts';

/** Who has a trace: a pod, a process or a file of a node, or whoever the API server saw. */
export interface Touched extends Partial<Subject> {
  /** As the API server knows a caller. */
  readonly user?: string;
  /** Of a caller that is no pod which is known. */
  readonly address?: string;
}

/** Somebody else who has a trace of what is looked for. */
export interface Touch {
  readonly subject: Touched;
  readonly indicator: Indicator;
  /** What was seen, escaped. */
  readonly seen: string;
  readonly confidence: Confidence;
  readonly evidence: readonly Evidence[];
}

/** A file whose content is known by its sha256: of a process, of its container, or of the node. */
export interface HashedFile {
  readonly source: Source;
  readonly sha256: string;
  /** As it was asked for, raw bytes; in the container of `pid` where there is one. */
  readonly path: Buffer;
  readonly pid?: number;
  /** The file is what the process runs. */
  readonly runs: boolean;
}

/** What is searched of one node. */
export interface Searched {
  readonly traces: NodeTraces;
  readonly files: readonly HashedFile[];
  /** Addresses of the cluster, at which many are guests: one port of them tells nothing of another. */
  readonly shared?: ReadonlySet<string>;
}

type Hit = Omit<Touch, 'indicator'>;

/** Who on a node has a trace of these indicators. One trace of one subject is told once. */
export function touchesOf(indicators: readonly Indicator[], searched: Searched): Touch[] {
  const found = new Map<string, Touch>();
  for (const indicator of indicators)
    for (const hit of hitsOf(indicator, searched)) {
      const key = JSON.stringify([
        indicatorKey(indicator),
        { ...hit.subject, pid: 0, startTicks: 0, started: '' },
      ]);
      if (!found.has(key)) found.set(key, { ...hit, indicator });
    }
  return [...found.values()];
}

function* hitsOf(indicator: Indicator, { traces, files, shared }: Searched): Generator<Hit> {
  const { value } = indicator;
  switch (indicator.type) {
    case 'sha256':
      for (const file of files)
        if (file.sha256 === value)
          yield fileHit(
            traces,
            file,
            file.runs ? 'runs a program of this content' : 'has a file of this content',
            'high',
          );
      yield* changeHits(traces, ({ sha256 }) => sha256 === value, 'has a file of this content', 'high');
      return;
    case 'path':
      for (const file of files)
        if (!file.runs && file.path.equals(Buffer.from(value, 'latin1')))
          yield fileHit(traces, file, 'has a file of this name, of other content perhaps', 'low');
      yield* changeHits(
        traces,
        ({ path, change }) => path === value && change !== 'deleted',
        'brought a file of this name',
        'medium',
      );
      return;
    case 'name':
      yield* processHits(
        traces,
        (process) => nameOf(process) === value,
        'runs a program of this name',
        'low',
      );
      yield* changeHits(
        traces,
        ({ path, change }) => path.endsWith(`/${value}`) && change !== 'deleted',
        'brought a file of this name',
        'medium',
      );
      return;
    case 'address':
      yield* connections(traces, indicator, shared?.has(value) === true);
      return;
    case 'domain':
      yield* processHits(
        traces,
        (process) => mentions(process, value),
        'names this host in its command line',
        'medium',
      );
      return;
    case 'image':
      for (const { source, value: pod } of traces.pods ?? [])
        for (const container of pod.containers)
          if (container.imageID?.endsWith(value) === true)
            yield {
              subject: {
                node: traces.node,
                namespace: excerptOf(pod.namespace),
                pod: excerptOf(pod.name),
                container: excerptOf(container.name),
              },
              seen: 'runs this image',
              confidence: 'medium',
              evidence: [
                evidence(source, `${pod.namespace}/${pod.name} ${container.name}: ${container.imageID}`),
              ],
            };
      return;
    case 'cron':
      for (const [path, source, bytes] of nodeFiles(traces, /\/cron/))
        for (const line of parseCrontab(bytes, path))
          if (!isMalformed(line) && line.kind === 'job' && line.command.toString('latin1') === value)
            yield nodeHit(traces, path, source, 'runs this command again and again', line.command);
      return;
    case 'ssh-key':
      for (const [path, source, bytes] of nodeFiles(traces, /\/authorized_keys/))
        for (const key of parseAuthorizedKeys(bytes, path))
          if (!isMalformed(key) && key.fingerprint === value)
            yield nodeHit(traces, path, source, 'lets this key in', Buffer.from(key.fingerprint));
      return;
    case 'service-account':
      // Who acts as one stands in the audit log of the API server alone.
      return;
  }
}

function fileHit(traces: NodeTraces, file: HashedFile, seen: string, confidence: Confidence): Hit {
  const process = processIn(traces, file.pid, file.source.acquisition);
  const subject = process === undefined ? {} : subjectOf(traces, process);
  const path = excerptOf(file.path);
  return {
    subject: { node: traces.node, ...subject, path },
    seen,
    confidence,
    evidence: [evidence(file.source, `${path} sha256 ${file.sha256}`)],
  };
}

function* changeHits(
  traces: NodeTraces,
  is: (change: { readonly path: string; readonly change: string; readonly sha256?: string }) => boolean,
  seen: string,
  confidence: Confidence,
): Generator<Hit> {
  for (const { source, value } of traces.changes)
    for (const { namespace, pod, container, changes } of value)
      for (const change of changes)
        if (!change.flags.includes('runtime') && is(change))
          yield {
            subject: {
              node: traces.node,
              ...{ namespace: excerptOf(namespace), pod: excerptOf(pod), container: excerptOf(container) },
              path: excerptOf(change.path),
            },
            seen,
            confidence,
            evidence: [
              evidence(source, `${change.change} ${change.path} sha256 ${change.sha256 ?? 'not read'}`),
            ],
          };
}

function* processHits(
  traces: NodeTraces,
  is: (process: TracedProcess) => boolean,
  seen: string,
  confidence: Confidence,
): Generator<Hit> {
  for (const process of traces.processes)
    if (is(process))
      yield {
        subject: { node: traces.node, ...subjectOf(traces, process) },
        seen,
        confidence,
        evidence: [
          evidence(process.source, Buffer.concat(process.arguments.flatMap((word) => [word, blank]))),
        ],
      };
}

const blank = Buffer.from(' ');

function* connections(traces: NodeTraces, { value, port }: Indicator, shared: boolean): Generator<Hit> {
  for (const { source, value: socket } of traces.sockets) {
    if (!('remotePort' in socket) || socket.remotePort === 0) continue;
    if (plainAddress(socket.remoteAddress) !== value) continue;
    const same = port === undefined || port === socket.remotePort;
    if (shared && !same) continue;
    const { localAddress, localPort, remoteAddress, remotePort, state } = socket;
    const holders = traces.processes.filter(({ sockets }) => sockets.has(socket.inode));
    for (const holder of holders.length === 0 ? [undefined] : holders)
      yield {
        subject: { node: traces.node, ...(holder === undefined ? {} : subjectOf(traces, holder)) },
        seen: `is connected to ${value}:${remotePort}`,
        confidence: same ? 'high' : 'medium',
        evidence: [
          evidence(source, `${localAddress}:${localPort} -> ${remoteAddress}:${remotePort} ${state}`),
        ],
      };
  }
}

function nodeHit(traces: NodeTraces, path: Buffer, source: Source, seen: string, excerpt: Buffer): Hit {
  const place = excerptOf(path.subarray('[root]'.length));
  return {
    subject: { node: traces.node, path: place },
    seen,
    confidence: 'high',
    evidence: [evidence(source, excerpt)],
  };
}

function* nodeFiles(traces: NodeTraces, place: RegExp): Generator<readonly [Buffer, Source, Buffer]> {
  for (const [name, files] of traces.files)
    if (name.startsWith('[root]/') && place.test(name))
      for (const { source, value } of files) yield [Buffer.from(name, 'latin1'), source, value.bytes];
}

/** What a process runs, without directory and the kernel's remark on a file that is gone. */
function nameOf({ executable }: TracedProcess): string | undefined {
  const text = executable?.toString('latin1').replace(/ \(deleted\)$/, '');
  return text?.slice(text.lastIndexOf('/') + 1);
}

/** A host's name as a word of its own, however it is written. */
function mentions({ arguments: words }: TracedProcess, domain: string): boolean {
  const text = Buffer.concat(words.flatMap((word) => [word, blank]))
    .toString('latin1')
    .toLowerCase();
  for (let at = text.indexOf(domain); at >= 0; at = text.indexOf(domain, at + 1))
    if (!/[a-z0-9_-]/.test(text[at - 1] ?? ' ') && !/[a-z0-9_.-]/.test(text[at + domain.length] ?? ' '))
      return true;
  return false;
}
