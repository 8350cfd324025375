import type { Api } from '../../cluster/api.ts';
import { findNode, selectNodes } from '../../cluster/node.ts';
import { nodePhases, type Phase, triagePhases, type Choice } from '../../evidence/phases.ts';
import { bounded } from '../../output/bounded.ts';
import { exitCode, OperationError, UsageError } from '../../output/errors.ts';
import { printData } from '../../output/printer.ts';
import { createProgress } from '../../output/progress.ts';
import { quotedWord } from '../../output/shell-word.ts';
import { defineCommand, type FlagValues } from '../command.ts';
import { caseFlags, collectorFlags } from '../flags.ts';
import { requireRights, withApi, withCase } from '../session.ts';
import { allowOf } from './allow.ts';
import { choiceFlags, parseChoice, parseProfile } from './choice.ts';
import { collect, type Collection, type Taken } from './collect.ts';
import { isWhole, named, snapshotData, tellCase, tellSnapshot } from './present.ts';
import { whereText } from '../where.ts';

const flags = {
  ...caseFlags,
  ...collectorFlags,
  nodes: { type: 'string', summary: 'several nodes, separated by commas', placeholder: 'NODE,…' },
  selector: { type: 'string', short: 'l', summary: 'nodes with these labels', placeholder: 'SELECTOR' },
  'all-nodes': { type: 'boolean', short: 'A', summary: 'every Linux node' },
  profile: {
    type: 'string',
    summary: 'triage (half a minute), full, or names of parts such as config,logs',
    default: 'triage',
    placeholder: 'NAME',
  },
  ...choiceFlags,
  output: { type: 'string', short: 'o', summary: 'output format', choices: ['json', 'yaml'] },
} as const;

/** Nodes that are read at the same time. */
const nodesAtOnce = 4;

interface Plan {
  readonly nodes: readonly string[];
  /** Selects the nodes in place of names; empty selects all. */
  readonly selector?: string;
  readonly phases: readonly Phase[];
  readonly choice: Choice;
  readonly flags: FlagValues<typeof flags>;
  /** The words and flags that say what is taken, to be given again. */
  readonly words: string;
}

interface NodeTaken {
  readonly node: string;
  readonly taken: Taken;
}

/** `kubectl ir snapshot node NODE`: the node's evidence by order of volatility into a case. */
export const command = defineCommand({
  flags,
  complete: (words, values, { io }): Plan => {
    const { depth, phases } = parseProfile(values.profile, { triage: triagePhases, full: nodePhases });
    const choice = parseChoice(depth, values, io.now());
    const given = [...words, ...(values.nodes ?? '').split(',')].filter((word) => word !== '');
    const nodes = [...new Set(given.map((word) => word.replace(/^(?:nodes?|no)\//, '')))];
    const selector = values['all-nodes'] ? '' : values.selector;
    if (nodes.length === 0 && selector === undefined)
      throw new UsageError('which node? Give its name: snapshot node NODE');
    if (nodes.length > 0 && selector !== undefined) throw new UsageError('give names of nodes, or -l, or -A');
    if (values['all-nodes'] && values.selector !== undefined) throw new UsageError('give either -l or -A');
    const odd = nodes.find((node) => !/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(node));
    if (odd !== undefined) throw new UsageError(`"${odd}" is not the name of a node`);
    return {
      nodes,
      ...(selector === undefined ? {} : { selector }),
      phases,
      choice,
      flags: values,
      words: wordsOf(nodes, values),
    };
  },
  run: (plan, context) =>
    withApi(context, async (api) => {
      const { signal } = context;
      const collectorNamespace = plan.flags['collector-namespace'];
      const places = { namespace: api.namespace, collectorNamespace };
      await requireRights(api, context, 'snapshot', places);
      const nodes = await nodesOf(api, plan, signal);
      const target = nodes.length === 1 ? `node-${nodes[0] ?? ''}` : 'nodes';
      return withCase(api, context, { dir: plan.flags.case, target }, async (opened) => {
        const progress = createProgress(context.io);
        const collection = { api, opened, context, flags: plan.flags, progress };
        const all = await bounded(nodes, nodesAtOnce, (node) =>
          collectNode(collection, node, nodes.length === 1, plan),
        );
        await answer(all, collection, plan);
        return all.every(({ taken }) => isWhole(taken)) ? exitCode.done : exitCode.partial;
      });
    }),
});

async function nodesOf(api: Api, plan: Plan, signal: AbortSignal): Promise<readonly string[]> {
  for (const node of plan.nodes) await findNode(api, node, signal);
  if (plan.selector === undefined) return plan.nodes;
  const found = await selectNodes(api, plan.selector, signal);
  if (found.length === 0)
    throw new OperationError(
      `no Linux node ${plan.selector === '' ? 'is there' : `has the labels ${plan.selector}`}`,
    );
  return found;
}

async function collectNode(
  collection: Collection,
  node: string,
  alone: boolean,
  plan: Plan,
): Promise<NodeTaken> {
  const { progress } = collection;
  const wanted = {
    kind: 'node',
    target: node,
    node,
    phases: plan.phases,
    choice: plan.choice,
    allow: allowOf(plan.flags.yes, alone ? collection.context : undefined),
  } as const;
  return {
    node,
    taken: await collect({ ...collection, progress: alone ? progress : named(progress, node) }, wanted),
  };
}

async function answer(all: readonly NodeTaken[], collection: Collection, plan: Plan): Promise<void> {
  const { context, opened, progress } = collection;
  const { output } = plan.flags;
  if (output === undefined)
    for (const { node, taken } of all)
      await tellSnapshot(taken, context, all.length === 1 ? '' : `node/${node}   `);
  else {
    const items = all.map(({ node, taken }) => snapshotData('NodeSnapshot', { node }, taken, opened));
    const [only] = items;
    const list = { apiVersion: 'kubectl-ir/v1', kind: 'NodeSnapshotList', items };
    await printData(
      context.io,
      items.length === 1 && only !== undefined ? only : list,
      output === 'json' ? 'json' : 'yaml',
    );
  }
  const takens = all.map(({ taken }) => taken);
  await tellCase(takens, opened, plan.words + whereText(context.global, plan.flags), progress);
}

/** The words and flags that say what is taken, to be given again. */
function wordsOf(nodes: readonly string[], values: FlagValues<typeof flags>): string {
  const { selector, profile, since, 'max-size': size } = values;
  return [
    'node',
    ...nodes,
    ...(selector === undefined ? [] : [`-l ${quotedWord(selector)}`]),
    ...(values['all-nodes'] ? ['-A'] : []),
    ...(profile === 'triage' ? [] : [`--profile ${profile}`]),
    ...(since === undefined ? [] : [`--since ${since}`]),
    ...(size === undefined ? [] : [`--max-size ${size}`]),
    ...(values['include-secrets'] ? ['--include-secrets'] : []),
  ].join(' ');
}
