import { decimal } from '../artifacts/lines.ts';
import { pathText } from './path-text.ts';
import type { OpenFile } from './pod-diff.ts';
import type { Member } from './processes.ts';
import { endedText } from './processes.ts';

const deletedMark = ' (deleted)';

/**
 * Files without a name that processes of a container have open, from the outputs of diff-locate.sh (by the last part of their names),
 * each once. Undefined when they did not come whole.
 */
export function parseOpenFiles(
  outputs: ReadonlyMap<string, Buffer>,
  members: readonly Member[],
  token: string,
): OpenFile[] | undefined {
  const [files, links] = ['open-files.txt', 'open-file-links.txt'].map((name) => outputs.get(name));
  if (files === undefined || links === undefined) return undefined;
  const paths = new Map<string, string>();
  for (const record of endedText(links.toString('latin1'), token).split(`${token}\n`)) {
    const match = /^([0-9]+\/fd\/[0-9]+)'\1' -> '(.*)'$/s.exec(record);
    if (match !== null) paths.set(match[1] ?? '', match[2] ?? '');
  }
  const found = new Map<string, OpenFile>();
  for (const line of endedText(files.toString('latin1'), token).split('\n')) {
    const [, name = '', pid, descriptor, size] = /^(([0-9]+)\/fd\/([0-9]+)) ([0-9]+)$/.exec(line) ?? [];
    const [link, member] = [paths.get(name), members.find((one) => one.pid === Number(pid))];
    if (link === undefined || member === undefined) continue;
    const path = link.endsWith(deletedMark) ? link.slice(0, -deletedMark.length) : link;
    const key = `${member.pid} ${path} ${size ?? ''}`;
    if (found.has(key)) continue;
    found.set(key, {
      pid: member.pid,
      ...(member.containerPid === undefined ? {} : { containerPid: member.containerPid }),
      descriptor: decimal(descriptor) ?? 0,
      path: pathText(path).path,
      reason: path.startsWith('/memfd:') ? 'memfd' : 'deleted',
      size: Number(size),
    });
  }
  return [...found.values()];
}
