import { planShape } from './plan-shape.ts';
import type { Plan } from './plan.ts';
import type { Place, PlanProblem } from './problem.ts';
import { takeTree } from './take.ts';
import { parseYaml } from './yaml-text.ts';

/** What a text says as a plan. */
export interface PlanReading {
  /** As given by who read the file; for messages. */
  readonly path: string;
  /**
   * What of the plan can be used: entries of its lists that have errors are not in it. Missing when the text is no YAML,
   * or what stands at its top is no plan.
   */
  readonly plan?: Plan;
  /** What is wrong with the text, in the order of its lines. References are not followed here. */
  readonly problems: readonly PlanProblem[];
  /** Parts and entries of the text that `plan` lacks as they have errors, such as `areas` or `people.jane`. */
  readonly unreadable: ReadonlySet<string>;
  /**
   * The line of a part of `plan`, from 1: names of members, indexes into its lists, and ids where entries have them, such as
   * `['people', 'jane', 'reach', 0]`. The line of what is around it where there is no such part.
   */
  readonly lineOf: (segments: readonly (string | number)[]) => number;
}

/**
 * Reads the text of `ir-plan.yaml` (YAML 1.2, one document, 1 MiB at most). Never throws for what the text says: all of it is
 * in `problems`. Most of a plan with errors can still be used, which on the night is better than none.
 */
export function readPlan(text: string, path: string): PlanReading {
  const yaml = parseYaml(text);
  const nothing = { path, unreadable: new Set<string>(), lineOf: () => 1 };
  if (yaml.document === undefined) return { ...nothing, problems: yaml.problems };
  const root = yaml.document.contents;
  const { value, problems, places, left } = takeTree(yaml, root, planShape);
  const sorted = [...problems].sort((a, b) => a.line - b.line || (a.column ?? 0) - (b.column ?? 0));
  if (value === undefined) return { ...nothing, problems: sorted };
  // The shape says of the text what the type says of the value; the test of the schema holds them together.
  const plan = value as unknown as Plan;
  return {
    path,
    plan,
    problems: sorted,
    unreadable: left,
    lineOf: (segments) => lineOf(places, plan, segments),
  };
}

function lineOf(
  places: ReadonlyMap<object, ReadonlyMap<string, Place>>,
  plan: Plan,
  segments: readonly (string | number)[],
): number {
  let at: unknown = plan;
  let line = 1;
  for (const segment of segments) {
    if (typeof at !== 'object' || at === null) return line;
    const key = Array.isArray(at) && typeof segment === 'string' ? indexOfId(at, segment) : String(segment);
    line = places.get(at)?.get(key)?.line ?? line;
    at = (at as Readonly<Record<string, unknown>>)[key];
  }
  return line;
}

function indexOfId(list: readonly unknown[], id: string): string {
  return String(
    list.findIndex((item) => typeof item === 'object' && item !== null && 'id' in item && item.id === id),
  );
}
