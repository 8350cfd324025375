import type { Subject } from '../subject.ts';
import type { NodeSide, Performed, Performing, Undoing, Validating } from './act.ts';
import {
  type AccountAction,
  type AccountRecord,
  performAccount,
  recordAccount,
  undoAccount,
  validateAccount,
} from './account.ts';
import {
  type BindingsAction,
  type BindingsRecord,
  performBindings,
  undoBindings,
  validateBindings,
} from './bindings.ts';
import { type CordonAction, type CordonRecord, performCordon, undoCordon, validateCordon } from './cordon.ts';
import { type CutAction, type CutRecord, performCut, recordCut, undoCut } from './cut.ts';
import { type DenyAction, type DenyRecord, performDeny, undoDeny, validateDeny } from './deny.ts';
import {
  type DetachAction,
  type DetachRecord,
  performDetach,
  recordDetach,
  validateDetach,
} from './detach.ts';
import { type FreezeAction, type FreezeRecord, performFreeze, undoFreeze } from './freeze.ts';
import { giveBack, keepDetached } from './give-back.ts';
import { type GuardAction, type GuardRecord, performGuard, recordGuard, validateGuard } from './guard.ts';
import { type InsideAction, type InsideRecord, performInside, recordInside, undoInside } from './inside.ts';
import { performToken, type TokenAction, type TokenRecord, undoToken, validateToken } from './token.ts';
import { undoGuard } from './unguard.ts';

/** One act on the pod, as planned. */
export type Action =
  | GuardAction
  | FreezeAction
  | CutAction
  | InsideAction
  | DenyAction
  | TokenAction
  | BindingsAction
  | AccountAction
  | CordonAction
  | DetachAction;

export type ActionKind = Action['kind'];

/** What a record keeps of an act, to undo it. */
export type ActRecord =
  | GuardRecord
  | FreezeRecord
  | CutRecord
  | InsideRecord
  | DenyRecord
  | TokenRecord
  | BindingsRecord
  | AccountRecord
  | CordonRecord
  | DetachRecord;

/** Every kind of act, in the order in which acts are done. */
export const actionKinds: readonly ActionKind[] = [
  'guard',
  'freeze',
  'cut',
  'inside',
  'deny',
  'token',
  'bindings',
  'account',
  'cordon',
  'detach',
];

/**
 * The order in which acts are undone, which is not the reverse of doing them: processes and traffic first, so that the pod can be
 * ready when it is given back; the guard late, because it protects the pod until then.
 */
export const undoOrder: readonly ActionKind[] = [
  'freeze',
  'cut',
  'inside',
  'deny',
  'token',
  'bindings',
  'account',
  'detach',
  'guard',
  'cordon',
];

/** Acts that need a collector on the pod's node. */
export const nodeKinds: readonly ActionKind[] = ['freeze', 'cut', 'inside'];

/** An act, completed with what was found on the node: the record keeps how it will be done. */
export function placedWith(
  action: Action,
  { level, collector }: Pick<NodeSide, 'level' | 'collector'>,
): Action {
  switch (action.kind) {
    case 'cut':
      return level === undefined ? action : { ...action, level };
    case 'inside':
      return { ...action, nft: collector.tools.has('nft') };
    case 'guard':
    case 'freeze':
    case 'deny':
    case 'token':
    case 'bindings':
    case 'account':
    case 'cordon':
    case 'detach':
      return action;
  }
}

/** Performs one act. Throws OperationError when it was refused. */
export function performAct(action: Action, at: Performing): Promise<Performed> {
  switch (action.kind) {
    case 'guard':
      return performGuard(action, at);
    case 'freeze':
      return performFreeze(action, at);
    case 'cut':
      return performCut(action, at);
    case 'inside':
      return performInside(action, at);
    case 'deny':
      return performDeny(action, at);
    case 'token':
      return performToken(action, at);
    case 'bindings':
      return performBindings(action, at);
    case 'account':
      return performAccount(action, at);
    case 'cordon':
      return performCordon(action, at);
    case 'detach':
      return performDetach(action, at);
  }
}

/** Has the server validate one act in a dry run, in kubectl's words; empty for acts on the node, which change no API object. */
export function validateAct(action: Action, at: Validating): Promise<string[]> {
  switch (action.kind) {
    case 'guard':
      return validateGuard(action, at);
    case 'freeze':
    case 'cut':
    case 'inside':
      return Promise.resolve([]);
    case 'deny':
      return validateDeny(action, at);
    case 'token':
      return validateToken(action, at);
    case 'bindings':
      return validateBindings(action, at);
    case 'account':
      return validateAccount(action, at);
    case 'cordon':
      return validateCordon(action, at);
    case 'detach':
      return validateDetach(action, at);
  }
}

/** What the record keeps of one act. */
export function recordAct(action: Action, subject: Subject): ActRecord {
  switch (action.kind) {
    case 'guard':
      return recordGuard(action);
    case 'cut':
      return recordCut(action);
    case 'inside':
      return recordInside(action);
    case 'freeze':
      return { kind: 'freeze' };
    case 'deny':
      return { kind: 'deny', networks: action.networks };
    case 'token':
      return { kind: 'token' };
    case 'bindings':
      return { kind: 'bindings', bindings: action.bindings };
    case 'account':
      return recordAccount(action);
    case 'cordon':
      return { kind: 'cordon' };
    case 'detach':
      return recordDetach(action, subject);
  }
}

/** Acts that are undone even when the record does not list them: what they leave is found by the pod's uid. */
export const undoneAnyway: readonly ActionKind[] = ['guard', 'cut', 'inside', 'deny'];

/**
 * Undoes one act and says what was done, in words; `recorded` is undefined when the record does not list it. Does nothing when the act
 * was never done.
 */
export function undoAct(kind: ActionKind, recorded: ActRecord | undefined, at: Undoing): Promise<string> {
  switch (kind) {
    case 'guard':
      return undoGuard(recorded?.kind === 'guard' ? recorded : undefined, at);
    case 'freeze':
      return undoFreeze(at);
    case 'cut':
      return undoCut(recorded?.kind === 'cut' ? recorded : undefined, at);
    case 'inside':
      return undoInside(recorded?.kind === 'inside' ? recorded : undefined, at);
    case 'deny':
      return undoDeny(recorded?.kind === 'deny' ? recorded : undefined, at);
    case 'token':
      return recorded?.kind === 'token' ? undoToken(at) : Promise.resolve('no token was refused');
    case 'bindings':
      return recorded?.kind === 'bindings'
        ? undoBindings(recorded, at)
        : Promise.resolve('no binding was edited');
    case 'account':
      return recorded?.kind === 'account'
        ? undoAccount(recorded, at)
        : Promise.resolve('no account was made again');
    case 'cordon':
      return recorded?.kind === 'cordon' ? undoCordon(at) : Promise.resolve('the node was not cordoned');
    case 'detach':
      if (recorded?.kind !== 'detach') return Promise.resolve('the pod was not detached');
      return at.giveBack ? giveBack(recorded, at) : keepDetached(recorded, at);
  }
}
