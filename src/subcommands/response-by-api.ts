import type { Isolation } from '../containment/isolation.ts';
import { podPhases, triage, triagePhases } from '../evidence/phases.ts';
import type { SnapshotSummary } from '../evidence/snapshot.ts';
import { formatCount } from '../output/count.ts';
import { containByApi } from './contain.ts';
import {
  isolateOptions,
  onlyTrouble,
  type Response,
  type ResponseRun,
  stage,
  type StageResult,
  undoneActs,
} from './response.ts';
import { type ByApi, collectByApi } from './snapshot/collect.ts';
import { subjectOf } from './snapshot/pod.ts';

/**
 * The stages of a response where no collector can be, and `why`: what `isolate` and `snapshot` do there. The pod is isolated as
 * far as the API can, its objects and logs are taken, then those of its node. Throws as `respondTo` does.
 */
export async function respondByApi(run: ResponseRun, why: string): Promise<Response> {
  const failures: string[] = [];
  const { node, name, uid } = run.plan.subject;
  const isolation = await stage(run, 'isolate', failures, () => contain(run, why));
  if (isolation !== undefined) run.isolated();
  const ofPod: ByApi = {
    ...{ kind: 'pod', target: name, node, uid, choice: triage },
    phases: podPhases.filter((phase) => phase !== 'memory'),
    subject: { ...subjectOf(run.pod, []), pod: run.pod },
  };
  const ofNode: ByApi = { kind: 'node', target: node, node, choice: triage, phases: triagePhases };
  const pod = await stage(run, 'pod', failures, () => take(run, ofPod, why));
  const whole = await stage(run, 'node', failures, () => take(run, ofNode, why));
  return {
    noCollector: why,
    ...(isolation === undefined ? {} : { isolation }),
    ...(pod === undefined ? {} : { pod }),
    ...(whole === undefined ? {} : { node: whole }),
    failures,
  };
}

/** The reason of its verdict is `why`, which was told. */
async function contain(run: ResponseRun, why: string): Promise<StageResult<Isolation>> {
  const result = await containByApi(run.api, run.context, run.plan, why, isolateOptions(run));
  return { result, detail: result.verification.verdict, incomplete: undoneActs(result) };
}

async function take(run: ResponseRun, wanted: ByApi, why: string): Promise<StageResult<SnapshotSummary>> {
  const collection = { ...run, progress: onlyTrouble(run.progress) };
  const { summary, acquisition } = await collectByApi(collection, wanted, why);
  return {
    result: summary,
    detail: formatCount(acquisition.items, 'item'),
    incomplete: summary.incomplete,
  };
}
