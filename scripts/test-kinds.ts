import { expand } from './files.ts';

/** Tests of the program that need no cluster: of its pieces, and of pieces together with what they meet on a machine. */
export const testKinds = ['unit', 'integration'] as const;
export type TestKind = (typeof testKinds)[number];

/** Tests that need a cluster, or time. */
const onCluster = [
  'test/e2e/**',
  'test/cluster/{cluster,furniture,network-world,policy}.test.ts',
  'test/bench/**',
];

/** Tests that run the scripts of a node, real file systems and networks, and the programs that others use. */
const integration = [
  'test/cluster/{capture,lane}.test.ts',
  'test/collector/{common,cut-processes,dead-program,elsewhere-script,freeze-script,full-spool,logs-script,main-script,memory-script,no-processes,pod-link-script,programs-script,route-scripts,scripts,snapshot-scripts,sockets-script}.test.ts',
  'test/containment/{coverage,rules/rules-in-network}.test.ts',
  'test/evidence/{bad-input,conformance,full-disk-case,stock-commands,tamper}.test.ts',
  'test/incident/report/browser.test.ts',
  'test/filesystem/{diff-unknown,large-image,many-entries,random-changes,walk-container}.test.ts',
  'test/incident/two-at-once.test.ts',
  'test/reference/**',
  'test/subcommands/playbook/two-users.test.ts',
];

/** The files of a kind, in the order of their names. */
export async function testsOf(kind: TestKind): Promise<string[]> {
  const [all, others, integrated] = await Promise.all(
    [['test/**/*.test.ts'], onCluster, integration].map(expand),
  );
  const wanted = new Set(kind === 'integration' ? integrated : all);
  const left = new Set([...(others ?? []), ...(kind === 'integration' ? [] : (integrated ?? []))]);
  return [...wanted].filter((file) => file.endsWith('.test.ts') && !left.has(file));
}
