import { type JsonObject, objectOf, objectsOf, textOf } from '../../../artifacts/json.ts';
import { present } from '../../../artifacts/present.ts';
import type { Excerpt } from '../excerpt.ts';
import type { CustodyFacts } from '../facts/custody.ts';
import type { IsolationFacts } from '../facts/isolation.ts';
import type { Span } from '../report.ts';
import { readIsolation } from './isolation.ts';

/** A line of custody as a report reads it. */
export interface StoryLine {
  readonly seq: number;
  readonly time: string;
  readonly actor: { readonly user?: unknown; readonly host?: unknown };
  readonly action: string;
  readonly object: string;
  readonly result: string;
  readonly details?: JsonObject;
}

/** Who owned a pod when it was isolated, and what of its labels was set aside. */
export interface Detached {
  readonly owner?: string;
  readonly labels: readonly string[];
}

/** Lines that are told. */
const mostLines = 200;
/** Bars of one lane: more would not be told apart. */
const mostSpans = 60;

/** What custody tells, gathered line by line: acts, isolations and their ends, and how long things took. */
export class Story {
  readonly #case: string;
  readonly #lines: CustodyFacts[] = [];
  readonly #isolations = new Map<string, IsolationFacts>();
  readonly #planned = new Map<string, { readonly time: string; readonly detached: Detached }>();
  readonly #started = new Map<string, string>();
  readonly #spans: Span[] = [];
  #total = 0;

  constructor(caseName: string) {
    this.#case = caseName;
  }

  add(line: StoryLine): void {
    const { seq, time, actor, action, object, result, details } = line;
    this.#total += 1;
    if (this.#lines.length < mostLines)
      this.#lines.push({
        line: seq,
        time,
        by: byText(actor),
        action,
        object,
        result: remarkOf(line) ?? result,
      });
    if (action === 'isolate') this.#isolate(line);
    if (action === 'release' && (result === 'done' || result === 'partial')) this.#release(line, details);
    if (action === 'acquire') this.#acquire(line);
    if (action === 'seal') this.#span('seal', time, time, 'sealed');
  }

  get isolations(): readonly IsolationFacts[] {
    return [...this.#isolations.values()];
  }

  get spans(): readonly Span[] {
    return this.#spans;
  }

  get custody(): Excerpt<CustodyFacts> {
    return { items: this.#lines, total: this.#total, command: `kubectl ir case log ${this.#case}` };
  }

  /** Facts of a pod that only the plan of its isolation has. */
  detached(uid: string): Detached | undefined {
    return this.#planned.get(uid)?.detached;
  }

  #isolate({ seq, time, result, details }: StoryLine): void {
    const uid = textOf(details?.['uid']);
    if (uid === undefined) return;
    if (result === 'planned') {
      this.#planned.set(uid, { time, detached: detachedOf(details) });
      return;
    }
    const command = `kubectl ir case log ${this.#case} -o json`;
    const found = readIsolation(objectOf(details?.['isolation']), { time, line: seq, command });
    if (found === undefined) return;
    const planned = this.#planned.get(uid)?.time;
    this.#isolations.set(uid, { ...found, ...present({ planned }) });
    this.#span('isolate', planned ?? time, time, `${found.pod}: ${found.verdict}`);
  }

  #release({ time, object, result }: StoryLine, details: JsonObject | undefined): void {
    const uid = textOf(details?.['uid']);
    const one = uid === undefined ? undefined : this.#isolations.get(uid);
    if (one !== undefined) this.#isolations.set(one.uid, { ...one, released: { time, result } });
    this.#span('release', time, time, `${object}: ${result}`);
  }

  /** An acquisition begins as `KIND/TARGET` and ends as its directory. */
  #acquire({ time, object, result }: StoryLine): void {
    if (result === 'started') {
      this.#started.set(object, time);
      return;
    }
    const name = object.slice(object.lastIndexOf('/') + 1);
    const [, kind = '', target = ''] = /^[0-9TZ]+-([a-z]+)-(.*)$/.exec(name) ?? [];
    const key = `${kind}/${target}`;
    this.#span('collect', this.#started.get(key) ?? time, time, `${kind} ${target}: ${result}`);
    this.#started.delete(key);
  }

  #span(lane: string, from: string, to: string, text: string): void {
    if (this.#spans.length < mostSpans) this.#spans.push({ lane, from, to, text });
  }
}

function byText({ user, host }: StoryLine['actor']): string {
  return `${textOf(user) ?? 'unknown'}@${textOf(host) ?? 'unknown'}`;
}

function remarkOf({ action, details }: StoryLine): string | undefined {
  return action === 'remark' ? textOf(details?.['remark']) : undefined;
}

function detachedOf(details: JsonObject | undefined): Detached {
  const acts = objectsOf(objectOf(details?.['record'])?.['acts']);
  const detach = acts.find((act) => act['kind'] === 'detach');
  const owner = objectOf(detach?.['owner']);
  const [kind, name] = [textOf(owner?.['kind']), textOf(owner?.['name'])];
  return {
    ...present({ owner: kind === undefined || name === undefined ? undefined : `${kind}/${name}` }),
    labels: Object.entries(objectOf(detach?.['labels']) ?? {}).map(
      ([key, value]) => `${key}=${String(value)}`,
    ),
  };
}
