import type { Mount } from '../artifacts/mountinfo.ts';
import type { ContainerTarget } from './container.ts';
import { servedBy, unreadDriver } from './drivers.ts';
import { hiddenProcesses } from './hidden-process.ts';
import { containerMounts, mountPoints, specMounts } from './mounts.ts';
import type { Layers } from './overlay.ts';
import { rootMount } from './overlay.ts';
import type { Blind, ContainerMount, HiddenProcess } from './pod-diff.ts';
import type { Member } from './processes.ts';
import { startTime } from './processes.ts';
import type { StoredContainer } from './stored-container.ts';
import { isBlind, timeOf } from './stored-container.ts';
import type { Surroundings } from './surroundings.ts';

/** What is known of a container before its layers are read. */
export interface Place {
  /** True when it has processes. */
  readonly running: boolean;
  readonly driver: string;
  /** Where its layers lie, or why they are not read. */
  readonly layers: Layers | Blind;
  readonly blind: readonly Blind[];
  readonly mounts: readonly ContainerMount[];
  readonly processes: readonly HiddenProcess[];
  readonly members: readonly Member[];
  readonly surroundings: Surroundings;
}

/** Tables of the node that say more of a container's own. */
export interface NodeTables {
  /** /proc/1/mountinfo. */
  readonly mounts: Buffer | undefined;
  /** The line of /proc/stat with the boot time. */
  readonly bootTime: Buffer | undefined;
}

/** The place of a container as its processes have it; `table` is the mount table of the `first` one. */
export function placeOfProcess(
  table: Buffer | undefined,
  first: Member,
  members: readonly Member[],
  { mounts, bootTime }: NodeTables,
): Place {
  const root = rootMount(table ?? Buffer.alloc(0));
  const unread = {
    what: 'container',
    why: `the mount table of its first process, ${first.pid}, could not be read`,
  };
  return {
    running: true,
    driver: root.driver,
    layers: (table === undefined ? undefined : (root.layers ?? root.unread)) ?? unread,
    blind: root.blind,
    mounts: containerMounts(root.mounts, mounts),
    processes: hiddenProcesses(members, bootTime),
    members,
    surroundings: {
      mountPoints: mountPoints(root.mounts),
      started: startTime(bootTime, first.startTicks),
    },
  };
}

/** The place of a container as its runtime's records have it, with what its processes told, if it has any. */
export function placeOfRecord(
  target: ContainerTarget,
  stored: StoredContainer,
  running: Place | undefined,
): Place {
  const { driver, layers } = stored;
  if (running !== undefined) return { ...running, driver: running.driver || driver, layers };
  return {
    running: false,
    driver,
    layers,
    blind: [],
    mounts: specMounts(stored.mounts),
    processes: [],
    members: [],
    surroundings: {
      mountPoints: new Set(stored.mounts.map(({ destination }) => pathBytes(destination))),
      started: stored.started ?? timeOf(target.started ?? ''),
    },
  };
}

/** The place, with the reason not to read its layers when they do not lie on the node's disk as directories. */
export function readablePlace(place: Place, nodeMounts: readonly Mount[]): Place {
  if (isBlind(place.layers)) return place;
  const driver = servedBy(place.layers.lowers, nodeMounts);
  return driver === undefined ? place : { ...place, layers: unreadDriver(driver) };
}

/** True when only the runtime's records can tell where the layers lie, or whether the container is in a sandbox. */
export function needsRecord(place: Place | undefined, runtimeClass: string): boolean {
  return place === undefined || isBlind(place.layers) || runtimeClass !== '';
}

function pathBytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
