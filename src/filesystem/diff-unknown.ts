import type { Collector } from '../collector/collector.ts';
import { OperationError } from '../output/errors.ts';
import { Capture } from './capture.ts';
import type { ContainerTarget } from './container.ts';
import type { DiffOptions } from './diff.ts';
import { diffContainers } from './diff.ts';
import { findStored } from './find-stored.ts';
import { pathText } from './path-text.ts';
import type { PodDiff } from './pod-diff.ts';
import type { StoredContainer } from './stored-container.ts';
import { walkToken } from './walk-token.ts';

const tableLimit = 16 * 1024 * 1024;

/** `ID` or `runtime://ID`, as it may be given: the whole id, or how it starts. Undefined for anything else. */
export function parseContainerId(text: string): string | undefined {
  const id = text.replace(/^[a-z0-9.-]+:\/\//, '');
  return /^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/.test(id) ? id : undefined;
}

/**
 * Compares one container of the collector's node that the API does not know, by its id: one of another engine or namespace, or one whose
 * pod is gone. What its labels say of a pod is told. Throws OperationError when the node knows no such container, or several.
 */
export async function diffUnknown(collector: Collector, id: string, options: DiffOptions): Promise<PodDiff> {
  const tables = new Capture(options.sink, new Set(['container']), tableLimit);
  await collector.collect('diff-locate', [walkToken()], tables, options.signal);
  const search = await findStored(
    collector,
    [{ id, runtime: '' }],
    tables.all().get('[root]/proc/1/mountinfo'),
    options,
  );
  const ids = [...new Set(search.containers.map((container) => container.id))];
  const chosen = ids.includes(id) ? [id] : ids;
  if (chosen.length > 1)
    throw new OperationError(
      `${chosen.length} containers on node "${collector.identity.node}" start with "${id}"`,
      {
        advice: `give more of the id, one of: ${chosen.slice(0, 10).join(', ')}`,
      },
    );
  const full = chosen[0] ?? (/^[0-9a-f]{64}$/.test(id) ? id : undefined);
  if (full === undefined)
    throw new OperationError(
      `no runtime on node "${collector.identity.node}" has a record of a container "${id}"`,
      {
        advice: [
          'for one that runs give all 64 digits of its id, as `crictl ps --no-trunc` prints it; searched:',
          [...search.searched, ...search.trouble].join(', ') || 'nothing, no runtime keeps containers there',
        ].join(' '),
      },
    );
  const stored = search.containers.find((container) => container.id === full);
  const containers = await diffContainers(collector, [targetOf(full, stored)], undefined, options, search);
  const label = (name: string): string => plain(stored?.labels[`io.kubernetes.pod.${name}`]);
  return {
    apiVersion: 'kubectl-ir/v1',
    kind: 'PodDiff',
    pod: {
      namespace: label('namespace'),
      name: label('name'),
      uid: label('uid'),
      node: collector.identity.node,
    },
    containers,
  };
}

function targetOf(id: string, stored: StoredContainer | undefined): ContainerTarget {
  return {
    name: plain(stored?.labels['io.kubernetes.container.name']) || id.slice(0, 12),
    id,
    runtime: stored?.runtime ?? '',
    image: plain(stored?.image),
    imageID: '',
    state: 'unknown',
  };
}

/** What a runtime recorded, as it may be shown. */
function plain(text: string | undefined): string {
  return pathText(Buffer.from(text ?? '', 'utf8').toString('latin1')).path;
}
