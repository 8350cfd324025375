import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Api } from '../cluster/api.ts';
import type { Act } from '../evidence/custody-line.ts';
import { OperationError } from '../output/errors.ts';
import type { Io } from '../output/io.ts';
import type { Progress } from '../output/progress.ts';
import { within } from '../output/within.ts';
import type { NodeSide, Performed } from './acts/act.ts';
import { type Action, type ActionKind, actionKinds, nodeKinds, performAct } from './acts/acts.ts';
import type { ActResult } from './isolation.ts';
import type { Verdict } from './judge.ts';
import { keepVerdict, type OwnRecord, tick } from './ledger.ts';
import { awaitReplacement, podsOf, type Replacement } from './replacement.ts';
import type { DetachAction } from './acts/detach.ts';
import type { LeftOut } from './plan.ts';
import type { Subject } from './subject.ts';
import { SupersededError } from './superseded.ts';

export interface ActingOptions {
  readonly collectorNamespace: string;
  /** Flags that lead to the same cluster, as the end of a command line. */
  readonly where?: string;
  /** Takes the acts for the case's custody chain. */
  readonly custody?: (act: Act) => Promise<void>;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** Time limit of a write to the API server or a change of rules. Once begun it is finished, whatever the user does. */
export const actMs = 15_000;
/** How long we wait for a replacement, while the verdict is being reached. */
const replacementMs = 5_000;

/** Performs acts on one pod, one after the other, ticks each off in its record, and keeps the results. */
export class Acting {
  readonly #api: Api;
  readonly #io: Io;
  readonly #subject: Subject;
  readonly #options: ActingOptions;
  readonly #results: ActResult[] = [];
  readonly #standing: string[] = [];
  readonly #done = new Set<ActionKind>();
  /** Its record, as this run writes it. */
  readonly record: OwnRecord;
  /** Acts that are still under way although `perform` has returned. */
  #late: Promise<unknown> = Promise.resolve();
  readonly #unsettled: { action: Action; started: number; settled: Promise<Performed> }[] = [];
  #cutAt: number | undefined;
  #replacement: Promise<Replacement | undefined> | undefined;
  /** True while the last verdict is not in the record, which has been told. */
  #unkept = false;

  constructor(api: Api, io: Io, subject: Subject, options: ActingOptions) {
    this.#api = api;
    this.#io = io;
    this.#subject = subject;
    this.#options = options;
    this.record = { namespace: options.collectorNamespace, uid: subject.uid, run: randomUUID() };
  }

  /** Results of the acts, in the order in which acts are done. */
  get results(): readonly ActResult[] {
    const place = ({ kind }: ActResult): number => actionKinds.indexOf(kind);
    return this.#results.toSorted((one, other) => place(one) - place(other));
  }

  /** What the acts have put into the cluster so far, in words. */
  get standing(): readonly string[] {
    return this.#standing;
  }

  /** `io.monotonic()` when the cut was in place; undefined until then. */
  get cutAt(): number | undefined {
    return this.#cutAt;
  }

  /** The pod that takes the place of the detached one, if one is ready in time. */
  get replacement(): Promise<Replacement | undefined> {
    return this.#replacement ?? Promise.resolve(undefined);
  }

  /**
   * Performs one act. A refusal is a result, not an error: the other acts still help. With `until`, by `io.monotonic()`, it returns
   * at that time at the latest, and the act goes on beside later acts on the node; later acts through the API wait for it, as they
   * change the same objects.
   */
  async perform(action: Action, node: NodeSide | undefined, until?: number): Promise<void> {
    if (!nodeKinds.includes(action.kind)) await this.#late;
    const performing = this.#perform(action, node);
    if (until === undefined) return performing;
    const left = Math.max(0, Math.ceil(until - this.#io.monotonic()));
    this.#late = Promise.all([this.#late, performing]);
    await Promise.race([this.#late, once(AbortSignal.timeout(left), 'abort')]);
  }

  async #perform(action: Action, node: NodeSide | undefined): Promise<void> {
    const started = this.#io.monotonic();
    const signal = within(actMs);
    let performed: Performed;
    try {
      if (action.kind === 'detach') await this.#expectReplacement(action, signal);
      performed = await performAct(action, {
        api: this.#api,
        io: this.#io,
        subject: this.#subject,
        node,
        signal,
        stop: this.#options.signal,
        stands: (what) => void this.#standing.push(what),
      });
    } catch (error) {
      if (!(error instanceof OperationError)) throw error;
      performed = { outcome: 'failed', detail: error.message };
    }
    if (performed.outcome === 'done') this.#done.add(action.kind);
    if (action.kind === 'cut' && performed.outcome === 'done') this.#cutAt = this.#io.monotonic();
    const { settled } = performed;
    if (settled !== undefined) this.#unsettled.push({ action, started, settled });
    const ticked = await this.#ticked(
      action,
      performed,
      settled === undefined ? performed.outcome : 'placed',
    );
    if (settled === undefined) await this.#note(action, ticked, this.#io.monotonic() - started);
  }

  /** True when an act of this kind was done, even if it could not be ticked off. */
  did(kind: ActionKind): boolean {
    return this.#done.has(kind);
  }

  /** Waits for the acts that take effect late, and reports how they ended. */
  async settle(): Promise<void> {
    await this.#late;
    for (const { action, started, settled } of this.#unsettled.splice(0)) {
      const ended = await settled;
      const performed = await this.#ticked(action, ended, ended.outcome);
      await this.#note(action, performed, this.#io.monotonic() - started);
    }
  }

  /** Reports a planned act that can't be done here as a result, so that nobody takes it for done. */
  async leaveOut({ kind, summary, why }: LeftOut): Promise<void> {
    await this.#note({ kind, summary }, { outcome: 'not placed', detail: why }, 0);
  }

  /** Writes a line to the case's custody chain. */
  async custody(outcome: string, details: Readonly<Record<string, unknown>>): Promise<void> {
    const { namespace, name, uid } = this.#subject;
    await this.#options.custody?.({
      action: 'isolate',
      object: `pod/${name} in namespace ${namespace}`,
      result: outcome,
      details: { uid, ...details },
    });
  }

  /** Keeps a verdict beside the record, for `status`. The verdict is valid even when that fails, which is told once until it is kept again. */
  async keep(verdict: Verdict): Promise<void> {
    const { containerIds: containers, sandboxSince } = this.#subject;
    const at = this.#io.now().toISOString();
    const kept = { verdict, at, containers, ...(sandboxSince === undefined ? {} : { sandboxSince }) };
    try {
      await keepVerdict(this.#api, this.record, kept, within(actMs));
      if (this.#unkept) await this.#options.progress.note('Record', 'the verdict is kept in it again');
      this.#unkept = false;
    } catch (error) {
      if (!(error instanceof OperationError) || error instanceof SupersededError) throw error;
      if (!this.#unkept)
        await this.#options.progress.warn(`the verdict is not in the record: ${error.message}`);
      this.#unkept = true;
    }
  }

  /** Ticks an act off, also when it failed. One that is done but could not be ticked off counts as `part`. */
  async #ticked({ kind }: Action, performed: Performed, outcome: string): Promise<Performed> {
    const text = `${outcome} ${this.#io.now().toISOString()}`;
    try {
      await tick(this.#api, this.record, kind, text, within(actMs));
      return performed;
    } catch (error) {
      if (!(error instanceof OperationError) || error instanceof SupersededError) throw error;
      const whole = performed.outcome === 'done';
      const detail = `${performed.detail}; not ticked off in the record: ${error.message}`;
      return { ...performed, outcome: whole ? 'part' : performed.outcome, detail };
    }
  }

  async #note(
    { kind, summary }: Pick<Action, 'kind' | 'summary'>,
    { outcome, detail, nodeSeconds }: Performed,
    ms: number,
  ): Promise<void> {
    const measured = nodeSeconds === undefined ? {} : { nodeSeconds };
    this.#results.push({ kind, summary, outcome, detail, ...measured, seconds: ms / 1000 });
    await this.custody(`${kind} ${outcome}`, { detail });
    const good = outcome === 'done';
    const text = good ? detail : `${outcome}: ${detail}`;
    await this.#options.progress.step(kind, text, ms, good ? 'done' : 'part');
  }

  /** Notes which pods the owner has before this one is detached, then waits for a new one in the background. */
  async #expectReplacement({ owner, replaced }: DetachAction, signal: AbortSignal): Promise<void> {
    const { namespace } = this.#subject;
    if (owner === undefined || !replaced) return;
    const known = await podsOf(this.#api, { ...owner, namespace }, signal);
    this.#replacement = awaitReplacement(this.#api, this.#io, this.#subject, {
      owner,
      known,
      timeoutMs: replacementMs,
      signal: this.#options.signal,
    }).catch(() => undefined);
  }
}
