import type { Api } from '../../cluster/api.ts';
import { connect } from '../../cluster/connect.ts';
import { readCaseRecord } from '../../evidence/case.ts';
import { noCaseAt } from '../../evidence/case-record.ts';
import { readCourse, recordInCase } from '../../incident/case-course.ts';
import { reviewControls } from '../../incident/controls/review.ts';
import { taskAct } from '../../incident/course-acts.ts';
import { nextTask } from '../../incident/course-of.ts';
import type { Course, Task } from '../../incident/course.ts';
import { exitCode, OperationError, UsageError } from '../../output/errors.ts';
import { terminalLine } from '../../output/line.ts';
import { createProgress } from '../../output/progress.ts';
import { caseWord, oneLine } from '../case-word.ts';
import { type CommandContext, defineCommand } from '../command.ts';
import { outputFlags } from '../flags.ts';
import { checkManifest } from '../review/check.ts';
import { workloadFacts } from '../review/facts.ts';
import { keptControls } from '../review/kept.ts';
import { printReview, type Review, type ReviewItem } from '../review/present.ts';
import { futureFlag } from '../time-flag.ts';
import { type CaseAbout, caseAbout } from '../verify-fix/about.ts';
import { findingTrace, judgeAcquisitions } from '../verify-fix/found.ts';
import { podKey } from '../verify-fix/live.ts';
import { isMeant } from '../verify-fix/verification.ts';

const flags = {
  ...outputFlags,
  owner: {
    type: 'string',
    summary: 'record a task for each control that is missing, and who does it',
    placeholder: 'WHO',
  },
  due: { type: 'string', summary: 'until when: RFC 3339, or from now as 30m, 4h, 2d', placeholder: 'TIME' },
  manifests: { type: 'boolean', summary: 'print the manifests alone, for kubectl apply --server-side -f -' },
} as const;

type Wish = Pick<Task, 'owner' | 'due'>;

/** `kubectl ir case review CASE`: which controls would have kept this incident away. Exit 3 when one could not be looked at. */
export const command = defineCommand({
  flags,
  complete: (words, { output, owner, due, manifests }, { io }) => {
    if (due !== undefined && owner === undefined) throw new UsageError('--due is of a task: add --owner WHO');
    if (manifests && output !== undefined)
      throw new UsageError('--manifests prints YAML and nothing else; leave out -o');
    const until = futureFlag(io, 'due', due);
    const wish =
      owner === undefined
        ? undefined
        : { owner: oneLine('owner', owner), ...(until === undefined ? {} : { due: until }) };
    return { dir: caseWord(io, 'case review', words), output, manifests, wish };
  },
  run: async ({ dir, output, manifests, wish }, context) => {
    const { io, signal } = context;
    if ((await readCaseRecord(dir)) === undefined) throw noCaseAt(dir);
    const about = await caseAbout(dir);
    if (about.pods.length === 0)
      throw new OperationError('this case tells of no pod whose controls could be reviewed', {
        advice:
          'it holds neither an isolation nor a diff; collect first: kubectl ir diff pod POD --case CASE',
      });
    const review = await withClusterIfAny(context, (api) => look(dir, about, api, signal));
    const told = await withTasks(context, dir, review, wish);
    await printReview(io, dir, told, { output, manifests });
    const progress = createProgress(io);
    if (told.live.length > 0)
      await progress.note('Now', `read from the cluster as it is now: ${told.live.join(', ')}`);
    for (const one of told.unseen) await progress.warn(`not looked at: ${one}`);
    const whole = told.unseen.length === 0 && told.items.every(({ state }) => state !== 'not looked at');
    return whole ? exitCode.done : exitCode.partial;
  },
});

/** The cluster where it is reached; without it the case alone is reviewed, and that is told. */
async function withClusterIfAny(
  { io, global, signal }: CommandContext,
  use: (api: Api | undefined) => Promise<Review>,
): Promise<Review> {
  let api: Api;
  try {
    api = await connect(io, global);
  } catch (error) {
    return withoutCluster(error, signal, use);
  }
  try {
    await api.json({ path: '/version', doing: 'reach the API server', signal });
  } catch (error) {
    await api.close();
    return withoutCluster(error, signal, use);
  }
  try {
    return await use(api);
  } finally {
    await api.close();
  }
}

async function withoutCluster(
  error: unknown,
  signal: AbortSignal,
  use: (api: undefined) => Promise<Review>,
): Promise<Review> {
  if (signal.aborted || !(error instanceof OperationError)) throw error;
  const review = await use(undefined);
  return { ...review, unseen: [`the cluster: ${error.message}`, ...review.unseen] };
}

async function look(
  dir: string,
  about: CaseAbout,
  api: Api | undefined,
  signal: AbortSignal,
): Promise<Review> {
  const kept = await keptControls(dir, signal);
  const { findings } = await judgeAcquisitions(dir, () => true, dir, signal);
  const workloads = new Map(
    about.pods.map(({ pod }) => [podKey(pod.namespace, pod.name), pod.name] as const),
  );
  const found = new Set(
    findings.filter((one) => isMeant(findingTrace(one), { workloads })).map(({ rule }) => rule),
  );
  const items: ReviewItem[] = [];
  const live = new Set<string>();
  const unseen = new Set<string>();
  const done = new Set<string>();
  for (const one of about.pods) {
    const read = await workloadFacts(one, kept, api, signal);
    if (read === undefined) {
      unseen.add(
        `pod ${one.pod.namespace}/${one.pod.name}: its object is neither in the case nor in the cluster`,
      );
      continue;
    }
    if (done.has(read.workload)) continue;
    done.add(read.workload);
    for (const what of read.live) live.add(what);
    for (const gap of read.gaps) unseen.add(gap);
    for (const item of reviewControls(read.workload, read.facts, found)) {
      const { manifest } = item;
      const check = manifest === undefined ? undefined : await checkManifest(api, manifest, signal);
      items.push({ ...item, ...(check === undefined ? {} : { check }) });
    }
  }
  return { items, live: [...live], unseen: [...unseen] };
}

/** The tasks of the case beside the controls that they are of; with a wish those that are not there yet are recorded. */
async function withTasks(
  { io, signal }: CommandContext,
  dir: string,
  review: Review,
  wish: Wish | undefined,
): Promise<Review> {
  const missing = review.items.filter(({ state }) => state === 'missing');
  const { course } =
    wish === undefined || missing.length === 0
      ? await readCourse(dir)
      : await recordInCase(io, dir, signal, (now) => {
          const fresh = missing.map(taskText).filter((text) => taskOf(now, text) === undefined);
          return fresh.map((text, index) => taskAct({ id: nextTask(now.tasks) + index, text, ...wish }));
        });
  const items = review.items.map((item): ReviewItem => {
    const task = item.state === 'missing' ? taskOf(course, taskText(item)) : undefined;
    return task === undefined ? item : { ...item, task: { id: task.id, ...wishOf(task) } };
  });
  return { ...review, items };
}

function taskText({ control, workload, title }: ReviewItem): string {
  return terminalLine(`review: ${title} (${control}) for ${workload}`);
}

function taskOf({ tasks }: Course, text: string): Task | undefined {
  return tasks.find((task) => task.text === text && task.done === undefined);
}

function wishOf({ owner, due }: Task): Wish {
  return { ...(owner === undefined ? {} : { owner }), ...(due === undefined ? {} : { due }) };
}
