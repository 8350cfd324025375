import { writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Api } from '../../cluster/api.ts';
import { listAll } from '../../cluster/list.ts';
import type { KubeObject } from '../../cluster/objects.ts';
import { clusterAreas, type OwnedObject } from '../../incident/plan/cluster-areas.ts';
import {
  type DraftArea,
  type DraftFacts,
  draftPlan,
  idOf,
  schemaFileName,
} from '../../incident/plan/draft-plan.ts';
import { planFileName } from '../../incident/plan/plan-file.ts';
import { planSchema } from '../../incident/plan/plan-schema.ts';
import { ApiError, exitCode, OperationError, UsageError } from '../../output/errors.ts';
import { writeLine } from '../../output/io.ts';
import { createProgress } from '../../output/progress.ts';
import { quotedWord } from '../../output/shell-word.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { withApi } from '../session.ts';
import { askAll } from './questions.ts';

const questions = {
  organisation: 'Whose plan is it (name of the organisation)?',
  first: 'Who answers first (name)?',
  firstPhone: '  number to call?',
  firstChat: '  another way, such as a name in a chat?',
  deputy: 'Who answers when that one does not?',
  deputyPhone: '  number to call?',
  deputyChat: '  another way?',
  areas: 'What do you run, parted by commas (such as shop, payments, storage)?',
} as const;

const usualAreas = [
  'The cluster',
  'Storage',
  'Network',
  'Identity',
  'The security desk of the cloud provider',
];

const workloadPaths = {
  deployments: '/apis/apps/v1/deployments',
  statefulsets: '/apis/apps/v1/statefulsets',
  daemonsets: '/apis/apps/v1/daemonsets',
};

/** `kubectl ir plan init [FILE]`: a first draft, from the cluster's labels or from a few answers. Writes over nothing. */
export const command = defineCommand({
  flags: {
    'from-cluster': {
      type: 'boolean',
      summary: 'take areas and owners from namespaces, labels and annotations of the cluster',
    },
  },
  complete: (words, flags) => {
    const [file = planFileName, ...more] = words;
    if (file === '' || more.length > 0)
      throw new UsageError('plan init takes one file, or none: kubectl ir plan init [FILE]');
    return { path: resolve(file), fromCluster: flags['from-cluster'] };
  },
  run: async ({ path, fromCluster }, context) => {
    const { io } = context;
    const known = fromCluster
      ? { areas: await withApi(context, (api) => areasOf(api, context)) }
      : await answers(context);
    const text = draftPlan({
      today: io.now().toISOString().slice(0, 10),
      timeZone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
      ...known,
    });
    await writeNew(path, text);
    const schema = join(dirname(path), schemaFileName);
    const madeSchema = await writeIfMissing(schema, `${JSON.stringify(planSchema(), undefined, 2)}\n`);
    const progress = createProgress(io);
    await progress.note('Plan', `${path} (a draft: fill in what says FILL IN)`);
    await progress.note(
      'Schema',
      `${schema} (${madeSchema ? 'for your editor' : 'was there, left as it is'})`,
    );
    await progress.note('Next', `kubectl ir plan check ${quotedWord(path)}`);
    await writeLine(io.stdout, path);
    return exitCode.done;
  },
});

async function answers(context: CommandContext): Promise<Omit<DraftFacts, 'today' | 'timeZone'>> {
  const given = context.io.interactive ? await askAll(context, questions) : {};
  const named = (given.areas ?? '').split(',').map((name) => name.trim());
  const names = named.filter((name) => name !== '');
  return {
    ...(given.organisation === undefined ? {} : { organisation: given.organisation }),
    ...personOf('first', given.first, given.firstPhone, given.firstChat),
    ...personOf('deputy', given.deputy, given.deputyPhone, given.deputyChat),
    areas: areasNamed(names.length === 0 ? usualAreas : names),
  };
}

function personOf<T extends 'first' | 'deputy'>(
  role: T,
  name: string | undefined,
  phone: string | undefined,
  chat: string | undefined,
): Partial<Pick<DraftFacts, T>> {
  if (name === undefined) return {};
  const person = { name, ...(phone === undefined ? {} : { phone }), ...(chat === undefined ? {} : { chat }) };
  return { [role]: person } as Partial<Pick<DraftFacts, T>>;
}

/** Two names that give one id are one area. */
function areasNamed(names: readonly string[]): DraftArea[] {
  const byId = new Map(names.map((name) => [idOf(name), name]));
  return Array.from(byId, ([id, name]) => ({ id, name, namespaces: [] }));
}

/** What may not be listed is said and left out; without namespaces there is nothing to go by. */
async function areasOf(api: Api, { io, signal }: CommandContext): Promise<DraftArea[]> {
  const progress = createProgress(io);
  const list = async (path: string, what: string): Promise<OwnedObject[]> => {
    const found: OwnedObject[] = [];
    for await (const { metadata } of listAll<KubeObject>(api, { path, doing: `list ${what}`, signal })) {
      const { namespace, name, labels, annotations } = metadata;
      found.push({
        ...(namespace === undefined ? {} : { namespace }),
        name,
        ...(labels === undefined ? {} : { labels }),
        ...(annotations === undefined ? {} : { annotations }),
      });
    }
    return found;
  };
  const namespaces = await list('/api/v1/namespaces', 'namespaces');
  const workloads: OwnedObject[] = [];
  for (const [what, path] of Object.entries(workloadPaths)) {
    try {
      workloads.push(...(await list(path, what)));
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 403) throw error;
      await progress.warn(`${what} may not be listed; their labels are left out`);
    }
  }
  return clusterAreas(namespaces, workloads);
}

async function writeNew(path: string, text: string): Promise<void> {
  if (await writeIfMissing(path, text)) return;
  throw new OperationError(`${path} is there and was left as it is`, {
    advice: `look at it with: kubectl ir plan check ${quotedWord(path)}\nor name another file: kubectl ir plan init FILE`,
  });
}

/** False when there is something at the path. */
async function writeIfMissing(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw new OperationError(`writing ${path}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}
