import { whoAmI } from '../cluster/access.ts';
import type { Api } from '../cluster/api.ts';
import { connect } from '../cluster/connect.ts';
import { rbacManifest } from '../cluster/rbac.ts';
import { ownerRights } from '../cluster/selection.ts';
import { collectorImage } from '../collector/image.ts';
import { namespaceObject } from '../collector/namespace.ts';
import { bounded } from '../output/bounded.ts';
import { exitCode, UsageError } from '../output/errors.ts';
import { type Io, writeChunk, writeLine } from '../output/io.ts';
import { terminalLine } from '../output/line.ts';
import { formatData, printData } from '../output/printer.ts';
import { createProgress } from '../output/progress.ts';
import { renderTable } from '../output/table.ts';
import { type CommandContext, defineCommand, type FlagValues } from './command.ts';
import { collectorFlags } from './flags.ts';
import { grantAdvice } from './grant-advice.ts';
import {
  type Check,
  checkNamespace,
  checkNodes,
  checkPod,
  checkPull,
  checkRights,
  type Setting,
} from './preflight-checks.ts';
import { type ClusterCommand, clusterCommands, rightsOf } from './rights.ts';

const flags = {
  command: {
    type: 'string',
    summary: `look at the rights for this one only: ${clusterCommands.join(', ')}`,
    choices: clusterCommands,
    placeholder: 'COMMAND',
  },
  'print-rbac': {
    type: 'boolean',
    summary: 'print the objects that grant these rights to you (or to --as USER) instead',
  },
  pull: { type: 'boolean', summary: 'pull the collector image on the nodes by starting a collector on each' },
  node: {
    type: 'string',
    summary: 'node to pull on; every ready node if not given',
    repeated: true,
    placeholder: 'NODE',
  },
  ...collectorFlags,
  output: { type: 'string', short: 'o', summary: 'output format', choices: ['json', 'yaml'] },
} as const;

interface Plan {
  readonly commands: readonly ClusterCommand[];
  readonly flags: FlagValues<typeof flags>;
}

/** Collectors started at the same time. */
const pullsAtOnce = 4;

/** `kubectl ir preflight`: everything an incident needs, looked at before the incident. */
export const command = defineCommand({
  flags,
  complete: (words, values): Plan => {
    if (words.length > 0) throw new UsageError('preflight takes no arguments');
    if (values.node.length > 0 && !values.pull) throw new UsageError('--node says where to pull: add --pull');
    return {
      commands: clusterCommands.filter(
        (name) => name === (values.command ?? name) && (values.command === name || name !== 'cut-identity'),
      ),
      flags: values,
    };
  },
  run: async (plan, context) => {
    const api = await connect(context.io, context.global);
    try {
      const setting = settingOf(api, plan, context);
      if (plan.flags['print-rbac']) return await printRbac(api, context.io, plan, setting);
      const { username } = await whoAmI(api, setting.signal);
      const user: Check = { check: 'user', state: 'ok', detail: `${username} at ${api.server}` };
      const checks = [user, ...(await look(api, plan, setting, context))];
      await print(context.io, { checks, username }, plan, setting);
      return exitCodeFor(checks);
    } finally {
      await api.close();
    }
  },
});

function settingOf(api: Api, plan: Plan, { signal }: CommandContext): Setting {
  const pullSecret = plan.flags['collector-pull-secret'];
  return {
    namespace: api.namespace,
    collectorNamespace: plan.flags['collector-namespace'],
    read: ownerRights(api.namespace),
    image: plan.flags['collector-image'] ?? collectorImage,
    ...(pullSecret === undefined ? {} : { pullSecret }),
    signal,
  };
}

async function look(api: Api, plan: Plan, setting: Setting, { io }: CommandContext): Promise<Check[]> {
  const [rights, namespace, nodes] = await Promise.all([
    checkRights(api, plan.commands, setting),
    checkNamespace(api, setting),
    checkNodes(api, setting.signal),
  ]);
  const checks = [rights.check, namespace.check, nodes.check];
  const chosen = plan.flags.node.length > 0 ? plan.flags.node : nodes.ready;
  if (plan.flags.pull) checks.push(...(await pullAll(api, io, setting, chosen)));
  // After the pulls, which create the namespace when it is absent.
  checks.push(await checkPod(api, setting, chosen[0] ?? 'none', namespace.exists || plan.flags.pull));
  return checks;
}

/** An interrupt ends it only when each collector that was started has been removed. */
async function pullAll(api: Api, io: Io, setting: Setting, nodes: readonly string[]): Promise<Check[]> {
  const progress = createProgress(io);
  return bounded(nodes, pullsAtOnce, async (node) => {
    const started = io.monotonic();
    const check = await checkPull(api, io, setting, node);
    await progress.step(check.check, '', io.monotonic() - started, check.state === 'ok' ? 'done' : 'fail');
    return check;
  });
}

async function print(
  io: Io,
  { checks, username }: { readonly checks: readonly Check[]; readonly username: string },
  plan: Plan,
  setting: Setting,
): Promise<void> {
  const { output } = plan.flags;
  if (output === 'json' || output === 'yaml') {
    await printData(
      io,
      {
        apiVersion: 'kubectl-ir/v1',
        kind: 'Preflight',
        checks: checks.map(({ check, state, detail, advice }) => ({
          check,
          state,
          detail,
          ...(advice === undefined ? {} : { advice }),
        })),
      },
      output,
    );
    return;
  }
  const rows = checks.map(({ check, state, detail }) => [check, state, detail]);
  await writeLine(io.stdout, renderTable(['CHECK', 'STATE', 'DETAIL'], rows));
  for (const { check, advice } of checks) {
    if (advice === undefined) continue;
    const lines = `${check}: ${advice}`.split('\n').map(terminalLine);
    await writeLine(io.stderr, lines.join('\n'));
  }
  if (
    checks.some(({ check, state, granted }) => granted === true || (check === 'rights' && state !== 'ok'))
  ) {
    const { command: only } = plan.flags;
    await writeLine(io.stderr, grantAdvice({ command: only, places: setting, username }));
  }
}

const ofKubelets =
  'not among these rights: get on nodes/proxy, by which kubelets are asked (stats --from kubelet, snapshots without a collector); ' +
  'it opens more than figures, as its holder can run commands in every pod';

/** What the objects do not grant, a sentence each. They are for the pods of one namespace, and a node has pods of many. */
function notGranted(commands: ReadonlySet<ClusterCommand>, namespace: string): string[] {
  const ofNodes = (['isolate', 'release'] as const).filter((name) => commands.has(name));
  const named = ofNodes.map((name) => `${name} node/NODE`).join(' and ');
  const elsewhere =
    `not among these rights: those on pods of other namespaces than ${terminalLine(namespace)}, for ${named}; ` +
    'print and apply the same with -n for each namespace that has pods on the node ' +
    '(kubectl get pods -A --field-selector spec.nodeName=NODE)';
  return [
    ...(ofNodes.length === 0 ? [] : [elsewhere]),
    ...(commands.has('stats') || commands.has('snapshot') ? [ofKubelets] : []),
  ];
}

/**
 * Objects that grant the rights: the collector's namespace, so that nobody else needs to create it, and RBAC. What they leave out
 * is said in comments, for who reads them, and on stderr, for who pipes them on.
 */
async function printRbac(api: Api, io: Io, plan: Plan, setting: Setting): Promise<number> {
  const { username } = await whoAmI(api, setting.signal);
  const names = new Set<ClusterCommand>([...plan.commands, 'preflight']);
  const rights = [...names].flatMap((name) => rightsOf(name, setting));
  const { namespace, collectorNamespace } = setting;
  const grant = { username, command: plan.flags.command, namespace, collectorNamespace };
  const objects = [namespaceObject(collectorNamespace), ...rbacManifest(rights, grant)];
  const lacking = notGranted(names, namespace);
  for (const text of lacking) await writeLine(io.stdout, `# ${text}`);
  for (const object of objects) await writeChunk(io.stdout, `---\n${await formatData(object, 'yaml')}`);
  for (const text of lacking) await writeLine(io.stderr, text);
  return exitCode.done;
}

function exitCodeFor(checks: readonly Check[]): number {
  if (checks.some(({ state }) => state === 'fail')) return exitCode.failed;
  return checks.some(({ state }) => state === 'part') ? exitCode.partial : exitCode.done;
}
