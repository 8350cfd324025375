import { type Case, openCase } from '../../../src/evidence/case.ts';
import { uid } from '../../containment/subjects.ts';
import { fileHeader } from '../../evidence/sandbox.ts';
import { memoryIo } from '../../support/memory-io.ts';

/** The pod of the case, of replicaset/shop-6556d99f86 before it was detached. */
export const suspect = { namespace: 'default', name: 'shop-6556d99f86-xlvnc', uid, node: 'node-a' } as const;

export const record = {
  version: 1,
  pod: suspect,
  created: '2026-11-22T04:15:00.000Z',
  acts: [
    {
      kind: 'detach',
      labels: { app: 'shop', 'pod-template-hash': '6556d99f86' },
      owner: { kind: 'ReplicaSet', name: 'shop-6556d99f86', uid: '00000000-0000-4000-8000-000000000009' },
    },
  ],
} as const;

/** What `diff` keeps of a pod with one change by the intruder and one by the runtime. */
export function keptDiff(
  pod: typeof suspect | { readonly [K in keyof typeof suspect]: string } = suspect,
): object {
  return {
    ...{ apiVersion: 'kubectl-ir/v1', kind: 'PodDiff', pod },
    containers: [
      {
        ...{ name: 'app', blind: [] },
        changes: [
          { path: '/usr/bin/curl', change: 'modified', type: 'file', sha256: 'aa', flags: [] },
          { path: '/etc/hosts', change: 'added', type: 'file', flags: ['runtime'] },
        ],
      },
      { name: 'side', blind: [{ what: 'layers', why: 'gVisor' }], changes: [] },
    ],
  };
}

/** Keeps items in an acquisition of its own. */
export async function keep(
  opened: Case,
  start: { readonly kind: string; readonly target?: string; readonly again?: boolean },
  items: Readonly<Record<string, object | string>>,
): Promise<void> {
  const { kind, target = 'shop', again } = start;
  const options = again === true ? { again } : {};
  const acquisition = await opened.startAcquisition({ kind, target, node: 'node-a', options });
  for (const [name, content] of Object.entries(items)) {
    const bytes = Buffer.from(typeof content === 'string' ? content : JSON.stringify(content));
    await acquisition.begin(fileHeader(name));
    await acquisition.write(bytes);
    await acquisition.end({ outcome: 'ok', length: bytes.length });
  }
  await acquisition.finish({ outcome: 'complete' });
}

/** A case in which the suspect was isolated and compared, and what `more` adds. */
export async function fixCase(
  dir: string,
  more: (opened: Case) => Promise<void> = async () => {},
): Promise<void> {
  const opened = await openCase(memoryIo(), { dir, target: 'shop' });
  await opened.custody.append({
    action: 'isolate',
    object: 'pod',
    result: 'planned',
    details: { uid, record },
  });
  await keep(opened, { kind: 'diff' }, { 'live_response/pod-diff.json': keptDiff() });
  await more(opened);
  await opened.close();
}
