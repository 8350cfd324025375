import type { Plan } from '../plan.ts';
import { formatCount } from '../../../output/count.ts';
import type { Surroundings, Weakness } from './weakness.ts';

const dayMs = 86_400_000;
/** Names that only the cluster's own DNS answers. */
const inCluster = /\.svc(?:[.:/]|$)|\.cluster\.local\b/;

/** Threats that nothing would see, or for which nobody has written down what to do. */
export function checkThreats({ threats }: Plan): Weakness[] {
  return threats.flatMap(({ id, detection, playbook }) => {
    const path = ['threats', id];
    const found: Weakness[] = [];
    if (detection.length === 0)
      found.push({
        path,
        rule: 'threat-without-detection',
        message: 'nothing would see it; name what does in detection',
        severity: 'warning',
      });
    if (playbook === undefined)
      found.push({
        path,
        rule: 'threat-without-playbook',
        message: 'no playbook says what to do',
        severity: 'warning',
      });
    return found;
  });
}

/** Lines of communication that fail or are overheard with the cluster that is under attack. */
export function checkLines({ lines, escalation, webhook }: Plan): Weakness[] {
  const found: Weakness[] = [];
  if (lines.length > 0 && !lines.some(({ use }) => use === 'out-of-band'))
    found.push({
      path: ['lines'],
      rule: 'no-out-of-band',
      message: 'none is out-of-band: when the intruder reads or stops the primary one, nobody can talk',
      severity: 'warning',
    });
  const relied = new Set(escalation.flatMap(({ steps }) => steps.flatMap(({ line }) => line ?? [])));
  for (const { id, use, at, dependsOnCluster } of lines) {
    const path = ['lines', id];
    if (!dependsOnCluster && inCluster.test(at))
      found.push({
        path: [...path, 'dependsOnCluster'],
        rule: 'line-in-cluster',
        message: `${at} is an address inside of a cluster; it depends on it`,
        severity: 'warning',
      });
    if (!dependsOnCluster || (use === 'primary' && !relied.has(id))) continue;
    const why =
      use === 'out-of-band' ? 'is for when the cluster cannot be relied on' : 'escalation goes over it';
    found.push({
      path,
      rule: 'line-on-cluster',
      message: `fails with the cluster under attack, and ${why}`,
      severity: 'warning',
    });
  }
  if (webhook !== undefined && inCluster.test(new URL(webhook.url).host))
    found.push({
      path: ['webhook', 'url'],
      rule: 'line-in-cluster',
      message: 'messages go to an address inside of a cluster, which fails with it',
      severity: 'warning',
    });
  return found;
}

/** Whether somebody has read the plan lately. */
export function checkReview({ review }: Plan, { now }: Surroundings): Weakness[] {
  if (review === undefined) return [];
  const days = Math.floor((now - Date.parse(`${review.last}T00:00:00Z`)) / dayMs);
  const path = ['review', 'last'];
  if (days < -1)
    return [{ path, rule: 'review-ahead', message: `${review.last} has not come yet`, severity: 'warning' }];
  if (days <= review.everyDays) return [];
  const message = `last reviewed on ${review.last}, ${formatCount(days, 'day')} ago; it was to be every ${formatCount(review.everyDays, 'day')}`;
  return [{ path, rule: 'review-overdue', message, severity: 'warning' }];
}

const purposes = {
  teams: 'nobody has a role',
  areas: 'nobody knows whom to call about what',
  rotas: 'nobody is on call',
  severities: 'nobody knows how fast to answer',
  lines: 'nobody knows where to talk',
  escalation: 'nobody is called when nobody answers',
  threats: 'nobody has thought of what may happen',
  playbooks: 'nobody has written down what to do',
} as const;

/** Parts that a plan has nothing in; where something is that could not be read, that was told. */
export function checkParts(plan: Plan, { unreadable }: Surroundings): Weakness[] {
  const told = new Set(Array.from(unreadable, (name) => name.split('.')[0]));
  return Object.entries(purposes)
    .filter(([part]) => plan[part as keyof typeof purposes].length === 0 && !told.has(part))
    .map(([part, without]) => ({
      path: [part],
      rule: 'empty-part',
      message: `there is nothing in it: ${without}`,
      severity: 'warning',
    }));
}
