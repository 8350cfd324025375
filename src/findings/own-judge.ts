import { fieldsOf, holds, valuesOf } from './condition.ts';
import { evidence, excerptOf, type Finding, type Source, type Subject } from './finding.ts';
import type { Incomplete } from './judge.ts';
import { nextSteps } from './next-steps.ts';
import type { OwnRule } from './own-rule.ts';

/** Who had a pid when an acquisition was made, as far as the case knows. */
export type SubjectOfPid = (pid: number, acquisition: string) => Omit<Subject, 'node'> | undefined;

/** Matches of one rule on one node that are told; what comes behind them is counted. */
const mostMatches = 1000;

interface State {
  readonly rule: OwnRule;
  readonly fields: readonly string[][];
  readonly unseen: Set<string>;
  readonly findings: Map<string, Finding>;
  count: number;
}

/**
 * Judges rules of the user, all of one kind of record, on the records of one node as they come. The same record in two
 * acquisitions is one finding.
 */
export class OwnJudge {
  readonly #states: readonly State[];
  readonly #node: string;
  readonly #caseWord: string;
  readonly #subjectOf: SubjectOfPid;
  #records = 0;

  constructor(rules: readonly OwnRule[], node: string, caseWord: string, subjectOf: SubjectOfPid) {
    this.#states = rules.map((rule) => {
      const fields = [...new Map(fieldsOf(rule.where).map((path) => [path.join('.'), path])).values()];
      const unseen = new Set(fields.map((path) => path.join('.')));
      return { rule, fields, unseen, findings: new Map<string, Finding>(), count: 0 };
    });
    this.#node = node;
    this.#caseWord = caseWord;
    this.#subjectOf = subjectOf;
  }

  /** Takes a record, made plain as JSON has it, and where it was read. */
  take(record: Readonly<Record<string, unknown>>, source: Source): void {
    this.#records += 1;
    for (const state of this.#states) {
      for (const name of state.unseen) if (hasField(record, name.split('.'))) state.unseen.delete(name);
      if (!holds(state.rule.where, record)) continue;
      const finding = this.#findingOf(state, record, source);
      const key = JSON.stringify([finding.subject, finding.seen]);
      if (state.findings.has(key)) continue;
      state.count += 1;
      if (state.count <= mostMatches) state.findings.set(key, finding);
    }
  }

  /** What was found, and what of it is less than there was; a field that no record has may be a slip of the pen. */
  judgement(): { readonly findings: Finding[]; readonly incomplete: Incomplete[] } {
    const findings: Finding[] = [];
    const incomplete: Incomplete[] = [];
    for (const { rule, unseen, findings: found, count } of this.#states) {
      findings.push(...found.values());
      const about = { rule: rule.id, node: this.#node };
      if (this.#records > 0 && unseen.size > 0)
        incomplete.push({
          ...about,
          items: unseen.size,
          reason: `no record of ${rule.of.name} has a field "${[...unseen].join('", "')}"`,
        });
      if (count > mostMatches)
        incomplete.push({
          ...about,
          items: count - mostMatches,
          reason: `it matched ${count} times; the first ${mostMatches} are told`,
        });
    }
    return { findings, incomplete };
  }

  #findingOf({ rule, fields }: State, record: Readonly<Record<string, unknown>>, source: Source): Finding {
    const subject = { node: this.#node, ...this.#subject(record, source) };
    const text = fields
      .map((path) => ({ path, values: valuesOf(record, path) }))
      .filter(({ values }) => values.length > 0)
      .map(({ path, values }) => `${path.join('.')} ${values.join(' ')}`)
      .join(', ');
    return {
      rule: rule.id,
      title: excerptOf(rule.title),
      severity: rule.severity,
      confidence: rule.confidence,
      attack: rule.attack,
      threatMatrix: rule.threatMatrix,
      subject,
      seen: excerptOf(text),
      evidence: [evidence(source, text)],
      explanation: excerptOf(rule.explanation),
      refutedBy: excerptOf(rule.refutedBy),
      next: nextSteps(rule.next, this.#caseWord, subject),
    };
  }

  #subject(record: Readonly<Record<string, unknown>>, { acquisition }: Source): Omit<Subject, 'node'> {
    const [pid] = [...valuesOf(record, ['pid']), ...valuesOf(record, ['holders', 'pid'])];
    const [path] = [...valuesOf(record, ['path']), ...valuesOf(record, ['executable'])];
    return {
      ...(typeof pid === 'number' ? (this.#subjectOf(pid, acquisition) ?? { pid }) : {}),
      ...(typeof path === 'string' ? { path: excerptOf(path) } : {}),
    };
  }
}

function hasField(value: unknown, path: readonly string[]): boolean {
  if (Array.isArray(value)) return value.length === 0 || value.some((one) => hasField(one, path));
  const [name, ...rest] = path;
  if (name === undefined) return true;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return false;
  return hasField((value as Readonly<Record<string, unknown>>)[name], rest);
}
