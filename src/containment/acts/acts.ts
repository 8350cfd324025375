import type { Subject } from '../subject.ts';
import type { Performed, Performing, Undoing, Validating } from './act.ts';
import { type CutAction, type CutRecord, performCut, undoCut } from './cut.ts';
import { type DenyAction, type DenyRecord, performDeny, undoDeny, validateDeny } from './deny.ts';
import {
  type DetachAction,
  type DetachRecord,
  performDetach,
  recordDetach,
  validateDetach,
} from './detach.ts';
import { giveBack } from './give-back.ts';

/** One act on the pod, as planned. */
export type Action = CutAction | DenyAction | DetachAction;

export type ActionKind = Action['kind'];

/** What a record keeps of an act, to undo it. */
export type ActRecord = CutRecord | DenyRecord | DetachRecord;

/** Every kind of act, in the order of acting. */
export const actionKinds: readonly ActionKind[] = ['cut', 'deny', 'detach'];

/** In which order acts are taken back, whatever the order they were done in. */
export const undoOrder: readonly ActionKind[] = ['cut', 'deny', 'detach'];

/** Performs one act. Throws OperationError when it was refused. */
export function performAct(action: Action, at: Performing): Promise<Performed> {
  switch (action.kind) {
    case 'cut':
      return performCut(action, at);
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
    case 'deny':
      return { kind: action.kind };
    case 'detach':
      return recordDetach(action, subject);
  }
}

/** The same kinds of acts are taken back without a record: what they leave is found by the pod's uid. */
export const undoneAnyway: readonly ActionKind[] = ['cut', 'deny'];

/** Takes one act back; `recorded` is undefined for one that the record does not tell of. Fine when it was never done. */
export function undoAct(kind: ActionKind, recorded: ActRecord | undefined, at: Undoing): Promise<string> {
  switch (kind) {
    case 'cut':
      return undoCut(recorded?.kind === 'cut' ? recorded : undefined, at);
    case 'deny':
      return undoDeny(at);
    case 'detach':
      return recorded?.kind === 'detach'
        ? giveBack(recorded, at)
        : Promise.resolve('the pod was not detached');
  }
}
