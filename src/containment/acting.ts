import type { Api } from '../cluster/api.ts';
import type { Act } from '../evidence/custody-line.ts';
import { OperationError } from '../output/errors.ts';
import type { Io } from '../output/io.ts';
import type { Progress } from '../output/progress.ts';
import type { NodeSide, Performed } from './acts/act.ts';
import { type Action, type ActionKind, performAct } from './acts/acts.ts';
import type { ActResult } from './isolation.ts';
import { tick } from './ledger.ts';
import { awaitReplacement, podsOf, type Replacement } from './replacement.ts';
import type { DetachAction } from './acts/detach.ts';
import type { Subject } from './subject.ts';

export interface ActingOptions {
  readonly collectorNamespace: string;
  /** Takes the acts for the case's custody chain. */
  readonly custody?: (act: Act) => Promise<void>;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** A write to the API server or a change of rules is finished whatever the user does, within this time. */
export const actMs = 15_000;
/** How long a replacement is waited for, while the verdict is being reached. */
const replacementMs = 5_000;

/** Performs acts one after the other on one pod, ticks each off in the record, and keeps what came of it. */
export class Acting {
  readonly #api: Api;
  readonly #io: Io;
  readonly #subject: Subject;
  readonly #options: ActingOptions;
  readonly #results: ActResult[] = [];
  readonly #standing: string[] = [];
  #cutAt: number | undefined;
  #replacement: Promise<Replacement | undefined> | undefined;

  constructor(api: Api, io: Io, subject: Subject, options: ActingOptions) {
    this.#api = api;
    this.#io = io;
    this.#subject = subject;
    this.#options = options;
  }

  /** What came of the acts, in the order in which they ended. */
  get results(): readonly ActResult[] {
    return this.#results;
  }

  /** What stands in the cluster now, in words. */
  get standing(): readonly string[] {
    return this.#standing;
  }

  /** `io.monotonic()` when the cut was in place; undefined as long as there is none. */
  get cutAt(): number | undefined {
    return this.#cutAt;
  }

  /** The pod that takes the place of a detached one, when one comes in time. */
  get replacement(): Promise<Replacement | undefined> {
    return this.#replacement ?? Promise.resolve(undefined);
  }

  /** Performs one act. A refused act is a result, not an end: the others still help. */
  async perform(action: Action, node: NodeSide): Promise<void> {
    const started = this.#io.monotonic();
    const signal = AbortSignal.timeout(actMs);
    let performed: Performed;
    try {
      if (action.kind === 'detach') await this.#expectReplacement(action, signal);
      performed = await performAct(action, {
        api: this.#api,
        io: this.#io,
        subject: this.#subject,
        node,
        signal,
        stands: (what) => void this.#standing.push(what),
      });
      if (action.kind === 'cut' && performed.outcome === 'done') this.#cutAt = this.#io.monotonic();
      await this.#tick(action, performed, signal);
    } catch (error) {
      if (!(error instanceof OperationError)) throw error;
      performed = { outcome: 'failed', detail: error.message };
    }
    await this.#note(action, performed, this.#io.monotonic() - started);
  }

  /** True when an act of a kind was done. */
  did(kind: ActionKind): boolean {
    return this.#results.some((one) => one.kind === kind && one.outcome === 'done');
  }

  /** A line for the case's custody chain. */
  async custody(outcome: string, details: Readonly<Record<string, unknown>>): Promise<void> {
    const { namespace, name, uid } = this.#subject;
    await this.#options.custody?.({
      action: 'isolate',
      object: `pod/${name} in namespace ${namespace}`,
      result: outcome,
      details: { uid, ...details },
    });
  }

  #tick(action: Action, { outcome }: Performed, signal: AbortSignal): Promise<void> {
    const where = { namespace: this.#options.collectorNamespace, uid: this.#subject.uid };
    return tick(this.#api, where, action.kind, `${outcome} ${this.#io.now().toISOString()}`, signal);
  }

  async #note({ kind, summary }: Action, performed: Performed, ms: number): Promise<void> {
    const { outcome, detail } = performed;
    this.#results.push({ kind, summary, ...performed, seconds: ms / 1000 });
    await this.custody(`${kind} ${outcome}`, { detail });
    const good = outcome === 'done';
    const text = good ? detail : `${outcome}: ${detail}`;
    await this.#options.progress.step(kind, text, ms, good ? 'done' : 'part');
  }

  /** Looks which pods the owner has before one is detached, and from then on for one more, beside everything else. */
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
