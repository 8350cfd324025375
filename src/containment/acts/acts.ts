import type { Subject } from '../subject.ts';
import type { NodeSide, Performed, Performing, Undoing, Validating } from './act.ts';
import { type CutAction, type CutRecord, performCut, recordCut, undoCut } from './cut.ts';
import { type DenyAction, type DenyRecord, performDeny, undoDeny, validateDeny } from './deny.ts';
import {
  type DetachAction,
  type DetachRecord,
  performDetach,
  recordDetach,
  validateDetach,
} from './detach.ts';
import { giveBack } from './give-back.ts';
import { type InsideAction, type InsideRecord, performInside, recordInside, undoInside } from './inside.ts';

/** One act on the pod, as planned. */
export type Action = CutAction | InsideAction | DenyAction | DetachAction;

export type ActionKind = Action['kind'];

/** What a record keeps of an act, to undo it. */
export type ActRecord = CutRecord | InsideRecord | DenyRecord | DetachRecord;

/** Every kind of act, in the order of acting. */
export const actionKinds: readonly ActionKind[] = ['cut', 'inside', 'deny', 'detach'];

/** In which order acts are taken back, whatever the order they were done in. */
export const undoOrder: readonly ActionKind[] = ['cut', 'inside', 'deny', 'detach'];

/** An act as it will be done with what there is on the node: what the record keeps depends on it. */
export function placedWith(
  action: Action,
  { level, collector }: Pick<NodeSide, 'level' | 'collector'>,
): Action {
  switch (action.kind) {
    case 'cut':
      return level === undefined ? action : { ...action, level };
    case 'inside':
      return { ...action, nft: collector.tools.has('nft') };
    case 'deny':
    case 'detach':
      return action;
  }
}

/** Performs one act. Throws OperationError when it was refused. */
export function performAct(action: Action, at: Performing): Promise<Performed> {
  switch (action.kind) {
    case 'cut':
      return performCut(action, at);
    case 'inside':
      return performInside(action, at);
    case 'deny':
      return performDeny(action, at);
    case 'detach':
      return performDetach(action, at);
  }
}

/** Has the server validate one act without doing it; what is no API object has nothing to say. */
export function validateAct(action: Action, at: Validating): Promise<string[]> {
  switch (action.kind) {
    case 'cut':
    case 'inside':
      return Promise.resolve([]);
    case 'deny':
      return validateDeny(action, at);
    case 'detach':
      return validateDetach(action, at);
  }
}

/** What the record keeps of one act. */
export function recordAct(action: Action, subject: Subject): ActRecord {
  switch (action.kind) {
    case 'cut':
      return recordCut(action);
    case 'inside':
      return recordInside(action);
    case 'deny':
      return { kind: action.kind };
    case 'detach':
      return recordDetach(action, subject);
  }
}

/** The same kinds of acts are taken back without a record: what they leave is found by the pod's uid. */
export const undoneAnyway: readonly ActionKind[] = ['cut', 'inside', 'deny'];

/** Takes one act back; `recorded` is undefined for one that the record does not tell of. Fine when it was never done. */
export function undoAct(kind: ActionKind, recorded: ActRecord | undefined, at: Undoing): Promise<string> {
  switch (kind) {
    case 'cut':
      return undoCut(recorded?.kind === 'cut' ? recorded : undefined, at);
    case 'inside':
      return undoInside(recorded?.kind === 'inside' ? recorded : undefined, at);
    case 'deny':
      return undoDeny(at);
    case 'detach':
      return recorded?.kind === 'detach'
        ? giveBack(recorded, at)
        : Promise.resolve('the pod was not detached');
  }
}
