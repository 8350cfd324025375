import { artifactOf } from '../../../src/artifacts/catalogue.ts';
import { itemName } from '../../../src/evidence/item-record.ts';
import type { AcquisitionReader } from '../../../src/evidence/reader.ts';
import type { NodeLook } from './node-look.ts';

/** What was on a node from one look to another. */
export interface Lasted {
  /** Files and links of which path and inode stayed. */
  readonly paths: ReadonlySet<string>;
  /** Of those, the ones whose size and times stayed. */
  readonly unchanged: ReadonlySet<string>;
  readonly pids: ReadonlySet<number>;
  /** Network namespaces. */
  readonly namespaces: ReadonlySet<string>;
}

/** What was there at both looks. A journal is written through mmap, which does not tell in its times: none counts as unchanged. */
export function whatLasted(before: NodeLook, after: NodeLook): Lasted {
  const paths = new Set<string>();
  const unchanged = new Set<string>();
  for (const [path, { inode, facts }] of before.files) {
    const now = after.files.get(path);
    if (now?.inode !== inode) continue;
    paths.add(path);
    if (now.facts === facts && !/\.journal~?$/.test(path)) unchanged.add(path);
  }
  const pids = [...before.processes].filter(([pid, start]) => after.processes.get(pid) === start);
  const namespaces = [...before.namespaces].filter((inode) => after.namespaces.has(inode));
  return {
    paths,
    unchanged,
    pids: new Set(pids.map(([pid]) => pid)),
    namespaces: new Set(namespaces),
  };
}

/** The sources of some acquisitions taken together, as far as they were there all the time. */
export interface Sources {
  readonly names: ReadonlySet<string>;
  /** Artifacts of the catalogue that they belong to. */
  readonly classes: ReadonlySet<string>;
  /** What came of each file or link that did not change: outcome, digest of the content, target. */
  readonly unchanged: ReadonlyMap<string, string>;
}

/** Pages behind the first one of what the API server lists: how many there are changes with what it has, such as events. */
const laterPage = /^(live_response\/kubernetes\/[a-z-]+)-[0-9]+(\.json)$/;

/** What a process has for a while, or shows in place of all others of its namespace. */
const passing = /^(?:fd|fdinfo|net|mountinfo)(?:\/|$)/;

export function sourcesOf(readers: readonly AcquisitionReader[], lasted: Lasted): Sources {
  const names = new Set<string>();
  const classes = new Set<string>();
  const unchanged = new Map<string, string>();
  for (const item of readers.flatMap(({ items }) => items)) {
    // What was cut off by a kill is taken again.
    if (item.artifact === 'unknown' || item.detail === 'the stream broke') continue;
    const bytes = itemName(item);
    const name = bytes.toString();
    if (!isThereAllTheTime(name, lasted)) continue;
    names.add(name.replace(laterPage, '$1$2'));
    const artifact = artifactOf(bytes);
    if (artifact !== undefined) classes.add(artifact.name);
    if (lasted.unchanged.has(name.replace(/^\[root\]/, '')))
      unchanged.set(name, `${item.outcome} ${item.sha256 ?? ''} ${item.target ?? ''}`);
  }
  return { names, classes, unchanged };
}

/** True for what each run looks at again: files, processes and namespaces that lasted, and what has no place among the files of the node. */
function isThereAllTheTime(name: string, { paths, pids, namespaces }: Lasted): boolean {
  const [, namespace] = /^live_response\/network\/netns\/(\d+)\//.exec(name) ?? [];
  if (namespace !== undefined) return namespaces.has(namespace);
  const [, pid, rest = ''] = /^(?:\[root\]\/proc|live_response\/process)\/(\d+)\/(.*)$/s.exec(name) ?? [];
  if (pid !== undefined) return name.startsWith('[root]') && pids.has(Number(pid)) && !passing.test(rest);
  if (name.startsWith('[root]/proc/') || name.startsWith('[root]/sys/')) return true;
  return name.startsWith('[root]/') ? paths.has(name.slice('[root]'.length)) : true;
}
