import { access, rm } from 'node:fs/promises';
import { OperationError } from '../../src/output/errors.ts';
import type { Io } from '../../src/output/io.ts';
import { type Layout, machine } from './layout.ts';
import { freeLoops, ownerOf, removeCgroups, restoreSysctls } from './machine.ts';
import { disconnectMachine } from './network.ts';
import { findParts, killParts } from './processes.ts';
import { bootId, readRecord, removeState } from './record.ts';

/**
 * Ends the cluster and removes all it made, complete or not; returns false when there was nothing. Throws
 * OperationError when the machine's cluster is another one.
 */
export async function down(layout: Layout, io: Io): Promise<boolean> {
  const record = await readRecord(layout);
  const owner = await ownerOf();
  const ours =
    record !== undefined || owner === layout.directory || (await findParts(layout.directory)).length > 0;
  if (!ours) {
    if (owner === undefined) return false;
    throw new OperationError(
      `There is no cluster in ${layout.directory}; this machine runs one from ${owner}`,
      {
        advice: `To end that one: KUBECTL_IR_CLUSTER_DIR=${owner} npm run cluster -- down`,
      },
    );
  }
  await killParts(layout.directory, io);
  await disconnectMachine();
  await waitForLink(io);
  await removeCgroups(io);
  await freeLoops(layout, io);
  if (record?.boot === (await bootId())) await restoreSysctls(record.sysctls);
  await removeState(layout);
  await rm(machine.owner, { force: true });
  return true;
}

/** The kernel takes namespaces down in the background, and links with them. */
async function waitForLink(io: Io): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const there = await access(`/sys/class/net/${machine.link}`).then(
      () => true,
      () => false,
    );
    if (!there) return;
    await io.sleep(25);
  }
}
