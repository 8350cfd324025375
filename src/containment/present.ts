import { terminalLine } from '../output/line.ts';
import type { Progress } from '../output/progress.ts';
import { renderTable } from '../output/table.ts';
import type { ActionKind } from './acts/acts.ts';
import { guardLimits } from './acts/guard.ts';
import { clockTexts } from './facts/clock.ts';
import { isKnownOwner, ownerText } from './facts/owner.ts';
import { siblingText } from './facts/sibling.ts';
import type { Isolation } from './isolation.ts';
import type { IsolationPlan } from './plan.ts';
import { probePorts, probeText, restartBudget } from './probes.ts';
import type { Subject } from './subject.ts';

/** The last line of every plan. */
const verification = {
  kind: 'verify',
  summary: 'flows tried before and after, inbound from two unprivileged pods that are removed after',
};

/** One labelled line of what is said before acting. */
export interface Fact {
  readonly label: string;
  readonly text: string;
}

/** What the plan is about and what it will do, line by line: Pod, Network, Serves, Shares, Clock, Service, Unseen, Plan, Refused. */
export function planFacts(plan: IsolationPlan): Fact[] {
  const { subject, outlook } = plan;
  return [
    ...facts('Pod', [podText(subject), ...containersText(subject)]),
    ...facts('Network', [networkText(plan), ...plan.warnings]),
    ...facts('Serves', plan.serves),
    ...facts('Shares', siblingText(outlook.siblings)),
    ...facts('Identity', identityTexts(plan)),
    ...facts('Clock', [probesText(subject), clockTexts(outlook.clock).join('; ')]),
    ...facts('Service', [plan.service]),
    ...facts(
      'Unseen',
      outlook.gaps.map((gap) => `not looked at: ${gap}`),
    ),
    ...facts(
      'Plan',
      [...plan.actions, verification].map(
        ({ kind, summary }, i) => `${i + 1}  ${kind.padEnd(6)}   ${summary}`,
      ),
    ),
    ...facts('', leftOutTexts(plan)),
    ...facts('Guard', guardTexts(plan)),
    ...facts('Refused', plan.stops),
  ];
}

/** Who the pod is to the API server, when that is to be cut. */
function identityTexts({ identity }: IsolationPlan): string[] {
  if (identity === undefined) return [];
  const { account, may, tokens, secrets } = identity;
  return [
    `serviceaccount/${account.name}${may.length === 0 ? ': no binding gives it anything' : ''}`,
    ...may,
    ...tokens,
    ...(secrets.length === 0 ? [] : [`it sees ${secrets.join(', ')}`]),
  ];
}

/** Acts that are left out, and parts of acts. */
function leftOutTexts({ actions, leftOut }: IsolationPlan): string[] {
  const parts = actions.flatMap((action) =>
    action.kind === 'guard' || action.kind === 'deny'
      ? action.lacking.map((why) => `-  ${action.kind.padEnd(6)}   in part: ${why}`)
      : [],
  );
  return [...leftOut.map(({ kind, why }) => `-  ${kind.padEnd(6)}   left out: ${why}`), ...parts];
}

function guardTexts({ actions, subject }: IsolationPlan): string[] {
  const guard = actions.find((action) => action.kind === 'guard');
  return guard === undefined ? [] : guardLimits(guard, subject);
}

/** Several texts under one label. */
function facts(label: string, texts: readonly string[]): Fact[] {
  return texts.map((text, index) => ({ label: index === 0 ? label : '', text }));
}

/** Tells facts as progress notes. */
export async function tell(progress: Progress, lines: readonly Fact[]): Promise<void> {
  for (const { label, text } of lines) await progress.note(label, text);
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
        `LEAKS   ${name} ${leaks.some((one) => one.passed) ? 'still exchanges data' : 'gets past one of its two layers'}`,
        renderTable(
          ['FLOW', 'SEEN', 'WHY', 'DO'],
          leaks.map((leak) => [leak.flow, leak.seen, leak.why, leak.advice]),
        ),
      ].join('\n');
    case 'UNVERIFIED':
      return [
        `UNVERIFIED   ${name}: it is not shown that the isolation holds`,
        ...verification.reasons.map((one) => `   ${terminalLine(one)}`),
      ].join('\n');
  }
}

function podText(subject: Subject): string {
  const { owner } = subject;
  const services = subject.services.map((one) => `service/${one.name}`);
  const owned = owner === undefined ? 'no owner' : `owner ${nameOf(owner)}`;
  return [
    `${subject.name} on ${subject.node}`,
    ...(subject.runtime === '' ? [] : [subject.runtime]),
    owned,
    ...(services.length === 0 ? ['no service'] : services),
  ].join(', ');
}

function nameOf(owner: NonNullable<Subject['owner']>): string {
  if (!isKnownOwner(owner)) return ownerText(owner);
  return `${owner.above ?? ownerText(owner)} (${owner.ready} of ${owner.wanted} ready)`;
}

function containersText({ containers }: Subject): string[] {
  return containers.length < 2 ? [] : [`its containers ${containers.join(', ')} share the link that is cut`];
}

function networkText({ actions, level }: IsolationPlan): string {
  const planned = (one: ActionKind): boolean => actions.some(({ kind }) => kind === one);
  if (planned('cut'))
    return `established connections survive a policy, so the link is cut too (expected level: ${level})`;
  const rest = [
    ...(planned('inside')
      ? ['the layer in the pod, which anyone who may change rules there can remove']
      : []),
    ...(planned('deny')
      ? ['the policy, which established connections survive on most networks, and which some do not enforce']
      : []),
  ];
  return `the link is not cut; what stops traffic: ${rest.join('; ') || 'nothing'} (level: policy)`;
}

function probesText({ probes }: Subject): string {
  const restarting = probes.filter((probe) => probe.purpose !== 'readiness');
  if (restarting.length === 0) return 'no probe restarts a container';
  const texts = [...new Set(restarting.map(probeText))].join(', ');
  const open =
    probePorts(probes).length > 0
      ? "only kubelet's probes stay open, so nothing restarts"
      : 'they run in the container and need no network of ours';
  return `${texts}; ${open}; otherwise the first restart would come after ${restartBudget(probes) ?? 0}s`;
}
