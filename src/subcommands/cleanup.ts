import type { Api } from '../cluster/api.ts';
import { checkDeletion, emptyNamespace, removeNamespace } from '../collector/namespace-removal.ts';
import { selfEndSeconds } from '../collector/pod.ts';
import { deletePod, removePod } from '../collector/removal.ts';
import { findCollectors } from '../collector/sweep.ts';
import { exitCode, UsageError } from '../output/errors.ts';
import { writeLine } from '../output/io.ts';
import { terminalLine } from '../output/line.ts';
import { type CommandContext, defineCommand, type FlagValues } from './command.ts';
import { confirmName, requireConsent } from './confirm.ts';
import { changeFlags, collectorFlags } from './flags.ts';
import { withApi } from './session.ts';

const flags = {
  'delete-namespace': { type: 'boolean', summary: 'also delete the collector namespace, when it is empty' },
  'collector-namespace': collectorFlags['collector-namespace'],
  ...changeFlags,
} as const;

type Plan = FlagValues<typeof flags>;

/** `kubectl ir cleanup`: removes dead collectors, never one that may be in use, nor an isolation. */
export const command = defineCommand({
  flags,
  complete: (words, values, { io }): Plan => {
    if (words.length > 0) throw new UsageError('cleanup takes no arguments');
    if (values['delete-namespace']) requireConsent(io, 'cleanup --delete-namespace', values);
    return values;
  },
  run: (plan, context) =>
    withApi(context, async (api) => {
      await removeDead(api, plan, context);
      if (plan['delete-namespace']) await deleteNamespace(api, plan, context);
      return exitCode.done;
    }),
});

async function removeDead(api: Api, plan: Plan, { io, signal }: CommandContext): Promise<void> {
  const dry = plan['dry-run'];
  const found = await findCollectors(api, plan['collector-namespace'], signal);
  if (found.length === 0 && !plan['delete-namespace'])
    await writeLine(
      io.stderr,
      'there are no collector pods; to see what else of kubectl ir is in the cluster: kubectl ir status',
    );
  for (const pod of found) {
    const name = terminalLine(`pod/${pod.name}`);
    if (pod.state === 'dead') {
      if (dry === 'none') await removePod(api, io, pod, signal);
      if (dry === 'server') await deletePod(api, pod, signal, true);
      await writeLine(io.stdout, `${name} deleted${ending(dry)}`);
    } else {
      const why =
        pod.state === 'live'
          ? `may be in use; unused, it ends itself within ${selfEndSeconds} s`
          : 'is being deleted';
      await writeLine(io.stderr, `${name} on node ${terminalLine(pod.node)} ${why}`);
    }
  }
}

async function deleteNamespace(api: Api, plan: Plan, { io, signal }: CommandContext): Promise<void> {
  const name = plan['collector-namespace'];
  const dry = plan['dry-run'];
  const namespace = await emptyNamespace(api, name, signal);
  if (namespace === undefined) {
    await writeLine(io.stderr, `namespace "${name}" is not there`);
    return;
  }
  if (dry === 'server') await checkDeletion(api, namespace, signal);
  if (dry === 'none') {
    if (!plan.yes) await confirmName(io, `Delete namespace ${name}?`, name, signal);
    await removeNamespace(api, io, namespace, signal);
  }
  await writeLine(io.stdout, `namespace/${name} deleted${ending(dry)}`);
}

/** As kubectl ends the lines of a dry run. */
function ending(dry: string): string {
  if (dry === 'none') return '';
  return dry === 'server' ? ' (server dry run)' : ' (dry run)';
}
