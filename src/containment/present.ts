import type { Progress } from '../output/progress.ts';
import { renderTable } from '../output/table.ts';
import type { Isolation } from './isolation.ts';
import type { IsolationPlan } from './plan.ts';
import { probePorts, probeText, restartBudget } from './probes.ts';
import { isReplicaSetOwner, type Subject } from './subject.ts';

/** The last line of every plan. */
const verification = { kind: 'verify', summary: 'flows tried before and after, from the node' };

/** One labelled line of what is said before acting. */
export interface Fact {
  readonly label: string;
  readonly text: string;
}

/** What the plan is about and what it will do, line by line: Pod, Network, Clock, Service, Plan. */
export function planFacts(plan: IsolationPlan): Fact[] {
  const { subject } = plan;
  return [
    { label: 'Pod', text: podText(subject) },
    { label: 'Network', text: networkText(plan) },
    ...plan.warnings.map((text) => ({ label: '', text })),
    { label: 'Clock', text: clockText(subject) },
    { label: 'Service', text: plan.service },
    ...[...plan.actions, verification].map(({ kind, summary }, index) => ({
      label: index === 0 ? 'Plan' : '',
      text: `${index + 1}  ${kind.padEnd(6)}   ${summary}`,
    })),
  ];
}

/** Tells facts as progress notes. */
export async function tell(progress: Progress, facts: readonly Fact[]): Promise<void> {
  for (const { label, text } of facts) await progress.note(label, text);
}

/** The answer: verdict in the first column, then why and what to do when it does not hold. */
export function verdictText(isolation: Isolation): string {
  const { verification, clock, pod, leaks } = isolation;
  const name = `pod/${pod.name}`;
  switch (verification.verdict) {
    case 'HOLDS': {
      const when =
        clock.cut === undefined
          ? ''
          : `; no byte of it passed later than ${clock.cut.toFixed(2)}s after the command`;
      return `HOLDS   ${name} isolated${when}`;
    }
    case 'LEAKS':
      return [
        `LEAKS   ${name} still exchanges data`,
        renderTable(
          ['FLOW', 'SEEN', 'WHY', 'DO'],
          leaks.map((leak) => [leak.flow, leak.seen, leak.why, leak.advice]),
        ),
      ].join('\n');
    case 'UNVERIFIED':
      return [
        `UNVERIFIED   ${name}: it is not shown that the isolation holds`,
        ...verification.reasons.map((one) => `   ${one}`),
      ].join('\n');
  }
}

function podText(subject: Subject): string {
  const { owner } = subject;
  const owned = isReplicaSetOwner(owner)
    ? `owner ${owner.deployment === undefined ? `replicaset/${owner.name}` : `deployment/${owner.deployment}`} (${owner.ready} of ${owner.wanted} ready)`
    : owner === undefined
      ? 'no owner'
      : `owner ${owner.kind.toLowerCase()}/${owner.name}`;
  const services = subject.services.map((one) => `service/${one.name}`);
  return [
    `${subject.name} on ${subject.node}`,
    ...(subject.runtime === '' ? [] : [subject.runtime]),
    owned,
    ...(services.length === 0 ? ['no service'] : services),
  ].join(', ');
}

function networkText(plan: IsolationPlan): string {
  return plan.actions.some(({ kind }) => kind === 'cut')
    ? 'established connections survive a policy, so the link is cut too (level: nft, full)'
    : 'policy only: established connections survive it on most networks, and some enforce nothing (level: policy)';
}

function clockText(subject: Subject): string {
  const { probes } = subject;
  const restarting = probes.filter((probe) => probe.purpose !== 'readiness');
  if (restarting.length === 0)
    return 'no probe restarts a container; an application may still exit when its connections die';
  const texts = [...new Set(restarting.map(probeText))].join(', ');
  const open =
    probePorts(probes).length > 0
      ? "only kubelet's probes stay open, so nothing restarts"
      : 'they run in the container and need no network of ours';
  return `${texts}; ${open}; without that the first restart came after ${restartBudget(probes) ?? 0}s`;
}
