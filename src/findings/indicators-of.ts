import { createHash } from 'node:crypto';
import { parseAuthorizedKeys } from '../artifacts/authorized-keys.ts';
import { parseCrontab } from '../artifacts/crontab.ts';
import { isMalformed } from '../artifacts/lines.ts';
import type { ContainerChange } from './container-changes.ts';
import { excerptOf, type Finding } from './finding.ts';
import { hostsOf } from './hosts.ts';
import { distinct, indicatorOf, type Indicator } from './indicator.ts';
import { reaches } from './judge.ts';
import { identityOf, isSameProcess } from './process-identity.ts';
import type { NodeTraces } from './traces.ts';

/** Rules that tell of a process of an intruder: what it talks to, and what it runs, is worth looking for. */
const ofIntruders: ReadonlySet<string> = new Set([
  ...['reverse-shell', 'program-without-file', 'foreign-program-in-container', 'program-in-shared-memory'],
  ...['shell-command-line', 'kernel-thread-masquerade', 'hidden-process', 'miner'],
]);
/** Rules that tell of a file of the node that an intruder wrote. */
export const ofPersistence: ReadonlySet<string> = new Set(['persistence-from-pod', 'persistence-content']);

/**
 * What of a case can be looked for elsewhere, from its findings of high weight, other ones of the same pods, and what is read beside them: programs that
 * intruders ran or left, whom they talked to or name in URLs of their command lines, images that they brought past the API server, and how they come back. What ordinary pods have too is not in it.
 */
export function indicatorsOf(findings: readonly Finding[], nodes: readonly NodeTraces[]): Indicator[] {
  const found: (Indicator | string)[] = [];
  const suspects = podsOf(findings);
  for (const finding of findings) {
    // A program that was only brought along is ordinary by itself, not in a pod that shows more.
    const { namespace = '', pod } = finding.subject;
    const brought = finding.rule === 'planted-in-container' && suspects.has(`${namespace}/${pod ?? ''}`);
    if (!brought && !reaches(finding.severity, 'high')) continue;
    const traces = nodes.find(({ node }) => node === finding.subject.node);
    if (traces === undefined) continue;
    if (ofIntruders.has(finding.rule)) found.push(...ofProcess(finding, traces));
    found.push(...imagesOf(finding, traces));
    if (ofPersistence.has(finding.rule)) found.push(...ofFile(finding, traces));
    if (brought) found.push(...ofChange(finding, traces));
  }
  return distinct(found.filter((one) => typeof one !== 'string'));
}

/** Pods that the case is about: those that findings of high weight name, as `NAMESPACE/NAME`. */
export function podsOf(findings: readonly Finding[]): ReadonlySet<string> {
  return new Set(
    findings
      .filter(({ severity, subject }) => reaches(severity, 'high') && subject.pod !== undefined)
      .map(({ subject: { namespace = '', pod = '' } }) => `${namespace}/${pod}`),
  );
}

function ofProcess({ rule, subject }: Finding, traces: NodeTraces): (Indicator | string)[] {
  const process = traces.processes.find((one) => isSameProcess(subject, identityOf(one)));
  if (process === undefined) return [];
  const talks = traces.sockets.flatMap(({ value }) => {
    if (!('remotePort' in value) || value.remotePort === 0 || !process.sockets.has(value.inode)) return [];
    const one = indicatorOf('address', value.remoteAddress.replace(/^::ffff:/, ''), rule);
    return typeof one === 'string' ? [] : [{ ...one, port: value.remotePort }];
  });
  return [
    ...talks,
    ...hostsOf(process.arguments, rule),
    ...(process.kept === undefined ? [] : [indicatorOf('sha256', process.kept.value, rule)]),
  ];
}

/**
 * Images of containers that nobody asked the API server for: they are what the intruder brought. That of a pod which was broken
 * into is on all of its replicas.
 */
function imagesOf(finding: Finding, traces: NodeTraces): (Indicator | string)[] {
  const images =
    finding.rule === 'ghost-pod' ? imagesOfGhost(finding, traces) : imagesOfStray(finding, traces);
  return images.map((image = '') => indicatorOf('image', image, finding.rule));
}

/** As the kubelet says. */
function imagesOfGhost({ subject }: Finding, { kubeletPods = [] }: NodeTraces): (string | undefined)[] {
  return kubeletPods
    .filter(({ value }) => excerptOf(value.namespace) === subject.namespace)
    .filter(({ value }) => excerptOf(value.name) === subject.pod)
    .flatMap(({ value }) => value.containers.map(({ imageID }) => imageID));
}

/** As its specification says, where it was asked for by a digest; a tag may be any image. */
function imagesOfStray({ rule, evidence }: Finding, traces: NodeTraces): (string | undefined)[] {
  if (rule !== 'unmanaged-container') return [];
  return traces.specifications
    .filter(({ source: { acquisition, item } }) =>
      evidence.some((one) => one.acquisition === acquisition && one.item === item),
    )
    .map(({ value }) => value.image);
}

function ofFile({ rule, subject: { path = '' } }: Finding, traces: NodeTraces): (Indicator | string)[] {
  const item = `[root]${path}`;
  const file = traces.files.get(item)?.at(-1)?.value;
  if (file === undefined) return [];
  const { bytes, cut } = file;
  const name = Buffer.from(item, 'latin1');
  const lines: (Indicator | string)[] = [];
  if (/\/cron/.test(path))
    for (const line of parseCrontab(bytes, name))
      if (!isMalformed(line) && line.kind === 'job')
        lines.push(indicatorOf('cron', line.command.toString('latin1'), rule));
  if (/\/authorized_keys/.test(path))
    for (const key of parseAuthorizedKeys(bytes, name))
      if (!isMalformed(key)) lines.push(indicatorOf('ssh-key', key.fingerprint, rule));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return [...(cut === true ? [] : [indicatorOf('sha256', sha256, rule)]), ...lines];
}

/** The file that was planted, by its content; where it lies only when it was not there before. */
function ofChange({ rule, subject }: Finding, traces: NodeTraces): (Indicator | string)[] {
  const { namespace = '', pod = '', container = '', path = '' } = subject;
  const changes = traces.changes
    .flatMap(({ value }) => value)
    .filter((one) => one.namespace === namespace && one.pod === pod && one.container === container)
    .flatMap((one) => one.changes);
  return changes
    .filter((change: ContainerChange) => change.path === path && change.sha256 !== undefined)
    .flatMap(({ sha256 = '', size, change }) => {
      const content = indicatorOf('sha256', sha256, rule);
      const place = change === 'added' ? [indicatorOf('path', path, rule)] : [];
      return [typeof content === 'string' || size === undefined ? content : { ...content, size }, ...place];
    });
}
