import { aroundControls } from './around-controls.ts';
import type { Control, ControlFacts, ControlJudgement } from './control.ts';
import { podControls } from './pod-controls.ts';

/** Every control that is reviewed. */
export const controls: readonly Control[] = [...aroundControls, ...podControls];

/** A control as it stands for one workload. */
export interface ReviewedControl extends ControlJudgement {
  readonly control: string;
  readonly title: string;
  /** Name of the workload: `prod/deployment/shop`. */
  readonly workload: string;
  /** Rules of findings of the case that show that the incident used it. */
  readonly used: readonly string[];
}

const order = ['missing', 'not looked at', 'in place', 'not meant'];

/** Judges every control on a workload; what the incident used comes first. Pure. */
export function reviewControls(
  workload: string,
  facts: ControlFacts,
  found: ReadonlySet<string>,
): ReviewedControl[] {
  const judged = controls.map(({ id, title, rules, judge }): ReviewedControl => {
    const judgement = judge(facts);
    const used = judgement.state === 'missing' ? rules.filter((rule) => found.has(rule)) : [];
    return { control: id, title, workload, used, ...judgement };
  });
  const rank = ({ state, used }: ReviewedControl): number =>
    order.indexOf(state) * 2 - (used.length > 0 ? 1 : 0);
  return judged.sort((one, other) => rank(one) - rank(other));
}
