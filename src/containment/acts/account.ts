import type { Api } from '../../cluster/api.ts';
import { createObject, deleteObject, getObjectOrUndefined, patchObject } from '../../cluster/apply.ts';
import type { ServiceAccount } from '../../cluster/objects.ts';
import { type ObjectRef, objectPath } from '../../cluster/path.ts';
import { waitFor } from '../../cluster/wait.ts';
import { ApiError, OperationError } from '../../output/errors.ts';
import type { AccountName } from '../facts/grant.ts';
import type { Identity } from '../identity.ts';
import type { Performed, Performing, Undoing, Validating } from './act.ts';

/** What an account is made again with. */
export interface AccountFields {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Names of Secrets. */
  readonly imagePullSecrets: readonly string[];
  readonly secrets: readonly string[];
  readonly automount?: boolean;
}

/** Deletes the account and makes it again, so that every token of it is refused. */
export interface AccountAction {
  readonly kind: 'account';
  readonly summary: string;
  readonly account: AccountName;
  /** Of the account whose tokens are to die. */
  readonly uid: string;
  readonly fields: AccountFields;
}

/** Enough to make the account again when it was deleted and nothing more. */
export interface AccountRecord {
  readonly kind: 'account';
  readonly name: string;
  readonly uid: string;
  readonly fields: AccountFields;
}

const goneMs = 10_000;
/** For so long an API server goes on taking a token that it has accepted, without looking again (kube-apiserver, TokenSuccessCacheTTL). */
const rememberedSeconds = 10;

/** The account to be made again; undefined when it was not read. `sharing` are the other pods that run as it. */
export function planAccount(
  { account, object }: Identity,
  sharing: readonly { readonly namespace: string; readonly name: string }[],
): AccountAction | undefined {
  const uid = object?.metadata?.uid;
  if (object === undefined || uid === undefined) return undefined;
  const others = sharing.map(({ name }) => `pod/${name}`).join(', ');
  const restart = others === '' ? 'no other pod runs as it' : `these have to be restarted: ${others}`;
  return {
    kind: 'account',
    summary: `serviceaccount/${account.name} deleted and made again: all its tokens die within ${rememberedSeconds} s, for good; ${restart}; the kubelet gets a new token for this pod when its own is due`,
    account,
    uid,
    fields: fieldsOf(object),
  };
}

/** What the record keeps of it. */
export function recordAccount({ account, uid, fields }: AccountAction): AccountRecord {
  return { kind: 'account', name: account.name, uid, fields };
}

/** Deletes the very account that was read and makes it again with what it had. */
export async function performAccount(action: AccountAction, at: Performing): Promise<Performed> {
  const { api, io, signal } = at;
  const { account, uid, fields, summary } = action;
  const ref = accountRef(account);
  const live = await getObjectOrUndefined<ServiceAccount>(api, ref, signal);
  if (live !== undefined && live.metadata?.uid !== uid) {
    throw new OperationError(
      `serviceaccount "${account.name}" is another one by now: somebody made it again`,
    );
  }
  at.stands(`serviceaccount/${account.name} made again`);
  await deleteObject(api, ref, { uid, signal });
  await waitFor<ServiceAccount>(api, io, {
    path: objectPath(ref),
    what: `serviceaccount "${account.name}" to be gone`,
    until: (object) => object?.metadata?.uid !== uid,
    timeoutMs: goneMs,
    signal,
  });
  await make(api, account, fields, signal);
  return { outcome: 'done', detail: summary };
}

/** What the server would do, in kubectl's words. */
export async function validateAccount({ account, uid }: AccountAction, at: Validating): Promise<string[]> {
  await deleteObject(at.api, accountRef(account), { uid, dryRun: true, signal: at.signal });
  return [`serviceaccount/${account.name} deleted and created (server dry run)`];
}

/** Tokens that are dead stay so; an account that is missing is made again. */
export async function undoAccount({ name, fields }: AccountRecord, at: Undoing): Promise<string> {
  const { namespace } = at.pod;
  const account = { namespace, name };
  const live = await getObjectOrUndefined<ServiceAccount>(at.api, accountRef(account), at.signal);
  if (live !== undefined) {
    return `serviceaccount/${name} is there, with what it had; its old tokens stay dead, pods that run as it get new ones`;
  }
  await make(at.api, account, fields, at.signal);
  return `serviceaccount/${name} was missing and is made again`;
}

/** Reference to an account. */
export function accountRef({ namespace, name }: AccountName): ObjectRef {
  return { apiVersion: 'v1', resource: 'serviceaccounts', namespace, name };
}

/** The cluster makes the account `default` again by itself, which then gets what it had. */
async function make(
  api: Api,
  account: AccountName,
  { labels, annotations, imagePullSecrets, secrets, automount }: AccountFields,
  signal: AbortSignal,
): Promise<void> {
  const named = (names: readonly string[]): { name: string }[] => names.map((name) => ({ name }));
  const parts = {
    ...(imagePullSecrets.length === 0 ? {} : { imagePullSecrets: named(imagePullSecrets) }),
    ...(secrets.length === 0 ? {} : { secrets: named(secrets) }),
    ...(automount === undefined ? {} : { automountServiceAccountToken: automount }),
  };
  const metadata = { ...account, labels, annotations };
  try {
    await createObject(api, { apiVersion: 'v1', kind: 'ServiceAccount', metadata, ...parts }, { signal });
  } catch (error) {
    if (!(error instanceof ApiError) || error.reason !== 'AlreadyExists') throw error;
    await patchObject(
      api,
      accountRef(account),
      { metadata: { labels, annotations }, ...parts },
      { type: 'merge', signal },
    );
  }
}

function fieldsOf(object: ServiceAccount): AccountFields {
  const { metadata, imagePullSecrets, secrets, automountServiceAccountToken: automount } = object;
  const names = (all: readonly { name?: string }[] | undefined): string[] =>
    (all ?? []).flatMap(({ name }) => (name === undefined ? [] : [name]));
  return {
    labels: metadata?.labels ?? {},
    annotations: metadata?.annotations ?? {},
    imagePullSecrets: names(imagePullSecrets),
    secrets: names(secrets),
    ...(automount === undefined ? {} : { automount }),
  };
}
