import { readCaseStatus } from '../../evidence/case-status.ts';
import type { CustodyLine } from '../../evidence/custody-line.ts';
import { readCustody } from '../../evidence/custody-log.ts';
import { layout } from '../../evidence/layout.ts';
import { courseOf } from '../../incident/course-of.ts';
import { excerpt } from '../../incident/report/excerpt.ts';
import { courseFacts } from '../../incident/report/read/course.ts';
import { Story } from '../../incident/report/read/story.ts';
import { nodesOf, workloadsOf } from '../../incident/report/read/workloads.ts';
import type { AcquisitionFacts, CaseFacts } from '../../incident/report/facts/case.ts';
import type { Report } from '../../incident/report/report.ts';
import { summaryOf } from '../../incident/report/summary.ts';
import { isGrave } from '../../incident/report/words.ts';
import { buildInfo } from '../../output/build.ts';
import type { Io } from '../../output/io.ts';
import { present } from '../../artifacts/present.ts';
import type { OpenAcquisition } from '../timeline-sources.ts';
import { readEvents } from './events.ts';
import { judgeCase } from './judged.ts';
import { readObjects } from './objects.ts';
import { readOrigin } from './origin.ts';
import { acquisitionsOf, type Trouble } from './open-case.ts';

/** Acquisitions and gaps that are told. */
const mostAcquisitions = 200;
const mostGaps = 150;

/**
 * Reads everything that a report says out of a case, and writes nothing. The same case gives the same values, wherever it lies. What
 * could not be read stands in `trouble` too, for the exit code.
 */
export async function readReport(
  io: Io,
  dir: string,
  signal: AbortSignal,
): Promise<{ readonly report: Report; readonly trouble: Trouble }> {
  const trouble: Trouble = { gaps: [], damaged: [] };
  const status = await readCaseStatus(dir);
  trouble.gaps.push(...status.notes.filter((note) => !note.startsWith('custody is broken')));
  const { name } = status;
  const story = new Story(name);
  const lines: CustodyLine[] = [];
  const { broken } = await readCustody(dir, (line) => {
    story.add(line);
    lines.push(line);
  });
  if (broken !== undefined) trouble.damaged.push(`custody is broken: ${broken}`);
  const acquisitions = await acquisitionsOf(dir, trouble);
  const { part: findings, all } = await judgeCase(dir, name, trouble, signal);
  const objects = await readObjects(acquisitions, name, trouble, signal);
  const { containers, pods, services, origins } = objects;
  const { isolations } = story;
  const detached = (uid: string): ReturnType<Story['detached']> => story.detached(uid);
  const workloads = workloadsOf({ isolations, findings: all, containers, pods, services, origins, detached });
  const created = status.record?.created ?? '';
  const interest = {
    pods: new Set(workloads.map((one) => `${one.namespace}/${one.pod}`)),
    paths: new Set(
      all.filter(isGrave).flatMap(({ subject: { path } }) => (path === undefined ? [] : [path])),
    ),
    runtime: objects.runtime,
  };
  const timeline = await readEvents(io, { dir, name, created }, acquisitions, interest, trouble, signal);
  const origin = await readOrigin({ name, created }, acquisitions, interest.pods, trouble, signal);
  const named = new Set([
    ...acquisitions.flatMap(({ reader }) => (reader.info.node === undefined ? [] : [reader.info.node])),
    ...workloads.flatMap(({ node }) => (node === undefined ? [] : [node])),
  ]);
  const affected = [...pods.values()].filter((pod) => interest.pods.has(`${pod.namespace}/${pod.name}`));
  const hardening = [
    ...objects.kubelets.map((one) => ({ ...one, node: one.where.replace('kubelet of ', '') })),
    ...affected.flatMap(({ node = '', hardening: own }) => own.map((one) => ({ ...one, node }))),
  ];
  const gaps = toldOnce(trouble.gaps, dir);
  const damaged = toldOnce(trouble.damaged, dir);
  const allGaps = [
    ...gaps,
    ...damaged.map((one) => `not what was collected: ${one}`),
    ...gapsOf(acquisitions),
  ];
  const known = {
    case: caseFacts(status, acquisitions),
    course: courseFacts(courseOf(lines), name),
    isolations,
    findings,
    workloads,
    containers,
    nodes: nodesOf(named, objects.nodes, all, hardening),
    identities: objects.identities.map(({ account, pod, bindings, rules }) => ({
      account,
      pod,
      bindings,
      rules,
    })),
    timeline,
    ...present({ broken, origin }),
  };
  const report: Report = {
    apiVersion: 'kubectl-ir/v1',
    kind: 'Report',
    program: buildInfo().version,
    redacted: false,
    ...known,
    summary: summaryOf({ ...known, gapCount: allGaps.length }),
    spans: story.spans,
    custody: story.custody,
    gaps: excerpt(allGaps, mostGaps, `kubectl ir case show ${name}`),
  };
  return { report, trouble: { gaps, damaged } };
}

/** Several look at the same; paths are as they are in the case. */
function toldOnce(sentences: readonly string[], dir: string): string[] {
  return [...new Set(sentences.map((one) => one.replaceAll(`${dir}/`, '')))];
}

function caseFacts(
  status: Awaited<ReturnType<typeof readCaseStatus>>,
  opened: readonly OpenAcquisition[],
): CaseFacts {
  const { name, record, state, custody, signatures } = status;
  const clocks = new Map(opened.map(({ name: one, reader }) => [one, reader.info.clock]));
  const acquisitions = status.acquisitions.map((one): AcquisitionFacts => {
    const clock = clocks.get(one.name);
    return {
      name: one.name,
      collection: one.collection,
      target: one.target,
      outcome: one.outcome,
      started: one.started,
      ...present({ finished: one.finished }),
      items: one.items,
      bytes: one.bytes,
      sensitive: one.sensitive,
      gaps: one.gapCount,
      ...(clock === undefined
        ? {}
        : { clock: { skewMs: clock.skewMs, exactToMs: Math.ceil(Math.abs(clock.roundTripMs) / 2) } }),
    };
  });
  return {
    name,
    ...present({
      number: record?.number,
      evidenceNumbers: record?.evidenceNumbers,
      examiner: record?.examiner,
      organisation: record?.organisation,
    }),
    created: record?.created ?? '',
    target: record?.target ?? '',
    state,
    head: {
      line: custody.seq,
      time: custody.time,
      sha256: custody.digest,
      file: custody.afterSeal > 0 ? layout.custodyAfterSeal : layout.custody,
    },
    signatures: signatures.map(({ keyType, fingerprint }) => ({ keyType, fingerprint })),
    acquisitions: excerpt(acquisitions, mostAcquisitions, `kubectl ir case show ${name}`),
    unreadable: excerpt(status.unreadable, mostAcquisitions, `kubectl ir case show ${name}`),
  };
}

/** Items that are not whole, by acquisition, outcome and reason: a process that hides from us has many files. */
function gapsOf(acquisitions: readonly OpenAcquisition[]): string[] {
  const counted = new Map<string, { first: string; more: number }>();
  const sentences: string[] = [];
  for (const { name, reader } of acquisitions) {
    const { outcome, reason } = reader.info;
    if (outcome !== 'complete')
      sentences.push(`${name}: ${outcome}${reason === undefined ? '' : `, ${reason}`}`);
    for (const item of reader.items) {
      if (item.outcome === 'ok' || item.outcome === 'vanished') continue;
      const why =
        item.artifact === 'secret'
          ? 'left out on purpose, as it is a secret; an HMAC stands for it'
          : (item.detail ?? '');
      const key = `${name}\0${item.artifact}\0${item.outcome}\0${why}`;
      const known = counted.get(key);
      if (known === undefined) counted.set(key, { first: item.name, more: 0 });
      else known.more += 1;
    }
  }
  for (const [key, { first, more }] of counted) {
    const [name = '', , outcome = '', why = ''] = key.split('\0');
    sentences.push(
      `${name}: ${first}${more === 0 ? '' : ` and ${more} more`}: ${outcome}${why === '' ? '' : `, ${why}`}`,
    );
  }
  return sentences;
}
