import type { Report } from './report.ts';

/** What stands in place of secrets, and of the names of people. */
export interface Redaction {
  /** A text of the evidence without its secrets. */
  text(text: string): string;
}

/** Members whose value is somebody's name. */
const persons = new Set(['examiner', 'reporter', 'by', 'decidedBy', 'owner']);

/** Parts that hold what people wrote, in which they name each other. Evidence names accounts, which stay. */
const written = new Set(['course', 'custody', 'summary', 'spans']);
/** Members that are the program's own words, times or digests. */
const own = new Set([
  'apiVersion',
  'kind',
  'program',
  'sha256',
  'file',
  'fingerprint',
  'keyType',
  'time',
  'from',
  'rule',
  'id',
  'attack',
  'threatMatrix',
  'verdict',
  'severity',
  'state',
  'phase',
  'outcome',
  'shown',
]);

/**
 * A report for readers outside: secrets are replaced by placeholders, and people are named by their roles (`responder 1`), also
 * in what people wrote. The owner of a workload is no person and stays.
 */
export function redactReport(report: Report, redaction: Redaction): Report {
  const people = new People();
  people.learn(report);
  const walk = (value: unknown, key: string, part: string): unknown => {
    if (typeof value === 'string') {
      if (own.has(key)) return value;
      if (persons.has(key) && part !== 'workloads') return people.roleOf(value);
      const text = redaction.text(value);
      return written.has(part) ? people.withoutNames(text) : text;
    }
    if (Array.isArray(value)) return value.map((one) => walk(one, key, part));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [name, walk(member, name, part === '' ? name : part)]),
    );
  };
  return { ...(walk(report, '', '') as Report), redacted: true };
}

/** Shorter names are words of every text. */
const shortestName = 3;

/** Who is who, numbered within a role in the order of the report. */
class People {
  readonly #roles = new Map<string, string>();
  readonly #counts = new Map<string, number>();
  #names: (readonly [RegExp, string])[] | undefined;

  learn(report: Report): void {
    const { course, custody } = report;
    this.#name('examiner', report.case.examiner);
    this.#name('reporter', course.facts.reporter);
    for (const { by } of custody.items) this.#name('responder', by);
    for (const { by, decidedBy } of [...course.moves.items, ...course.entries.items]) {
      this.#name('responder', by);
      this.#name('decider', decidedBy);
    }
    for (const { by } of course.steps.items) this.#name('responder', by);
    for (const { owner, done } of course.tasks.items) {
      this.#name('owner', owner);
      this.#name('responder', done?.by);
    }
  }

  roleOf(name: string): string {
    return this.#roles.get(name) ?? 'somebody';
  }

  /** Longer names first, so that no part of one is left; the user of `user@host` alone too. */
  withoutNames(text: string): string {
    this.#names ??= [...this.#roles]
      .flatMap(([name, role]) => [[name, role] as const, [name.replace(/@.*/s, ''), role] as const])
      .filter(([name]) => name.length >= shortestName)
      .sort(([a], [b]) => b.length - a.length)
      .map(([name, role]) => [new RegExp(`(?<![\\w.-])${escaped(name)}(?![\\w-])`, 'g'), role] as const);
    return this.#names.reduce((left, [name, role]) => left.replace(name, () => role), text);
  }

  #name(role: string, name: string | undefined): void {
    if (name === undefined || this.#roles.has(name)) return;
    const number = (this.#counts.get(role) ?? 0) + 1;
    this.#counts.set(role, number);
    this.#roles.set(name, `${role} ${number}`);
  }
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}
