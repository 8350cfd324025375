import type { Rule } from './rule.ts';
import { auditSilenced } from './rules/audit-silenced.ts';
import { binaryFormat } from './rules/binary-format.ts';
import { capabilitiesBeyondSpecification } from './rules/capabilities-beyond-specification.ts';
import { cgroupMounted } from './rules/cgroup-mounted.ts';
import { changedRoot } from './rules/changed-root.ts';
import { coreDumpHandler } from './rules/core-dump-handler.ts';
import { credentialOpen } from './rules/credential-open.ts';
import { descriptorOfNode } from './rules/descriptor-of-node.ts';
import { emptiedLog } from './rules/emptied-log.ts';
import { foreignProgramInContainer } from './rules/foreign-program-in-container.ts';
import { ghostPod } from './rules/ghost-pod.ts';
import { hiddenModule } from './rules/hidden-module.ts';
import { hiddenProcess } from './rules/hidden-process.ts';
import { historyDiscarded } from './rules/history-discarded.ts';
import { identityReach } from './rules/identity-reach.ts';
import { journalEntriesCut } from './rules/journal-entries-cut.ts';
import { journalGap } from './rules/journal-gap.ts';
import { kernelThreadMasquerade } from './rules/kernel-thread-masquerade.ts';
import { kernelTracingFromContainer } from './rules/kernel-tracing-from-container.ts';
import { leftCgroup } from './rules/left-cgroup.ts';
import { listenerWithoutProcess } from './rules/listener-without-process.ts';
import { miner } from './rules/miner.ts';
import { moduleLoader } from './rules/module-loader.ts';
import { nodeMountNamespace } from './rules/node-mount-namespace.ts';
import { nodeNamespacesUndeclared } from './rules/node-namespaces-undeclared.ts';
import { openKubelet } from './rules/open-kubelet.ts';
import { packetCapture } from './rules/packet-capture.ts';
import { persistenceContent } from './rules/persistence-content.ts';
import { persistenceFromPod } from './rules/persistence-from-pod.ts';
import { plantedDevice } from './rules/planted-device.ts';
import { plantedInContainer } from './rules/planted-in-container.ts';
import { podLogLink } from './rules/pod-log-link.ts';
import { podNotOnNode } from './rules/pod-not-on-node.ts';
import { preloadEnvironment } from './rules/preload-environment.ts';
import { preloadedLibrary } from './rules/preloaded-library.ts';
import { privilegedContainer } from './rules/privileged-container.ts';
import { processHiddenByMount } from './rules/process-hidden-by-mount.ts';
import { programInSharedMemory } from './rules/program-in-shared-memory.ts';
import { programUnlikeOtherNodes } from './rules/program-unlike-other-nodes.ts';
import { programWithoutFile } from './rules/program-without-file.ts';
import { rawDevice } from './rules/raw-device.ts';
import { rawSocket } from './rules/raw-socket.ts';
import { releaseAgent } from './rules/release-agent.ts';
import { reverseShell } from './rules/reverse-shell.ts';
import { runtimeSocket } from './rules/runtime-socket.ts';
import { sensitiveEndpoint } from './rules/sensitive-endpoint.ts';
import { setuidPlanted } from './rules/setuid-planted.ts';
import { shellCommandLine } from './rules/shell-command-line.ts';
import { sshServerInContainer } from './rules/ssh-server-in-container.ts';
import { staticPodWithoutMirror } from './rules/static-pod-without-mirror.ts';
import { taintedKernel } from './rules/tainted-kernel.ts';
import { tamperedProgram } from './rules/tampered-program.ts';
import { tracedFromElsewhere } from './rules/traced-from-elsewhere.ts';
import { ueventHelper } from './rules/uevent-helper.ts';
import { unmanagedContainer } from './rules/unmanaged-container.ts';
import { wipedLogins } from './rules/wiped-logins.ts';
import { workingDirectoryThroughDescriptor } from './rules/working-directory-through-descriptor.ts';
import { writableNodePath } from './rules/writable-node-path.ts';

/** Every rule, in the order of their ids. */
export const rules: readonly Rule[] = [
  auditSilenced,
  binaryFormat,
  capabilitiesBeyondSpecification,
  cgroupMounted,
  changedRoot,
  coreDumpHandler,
  credentialOpen,
  descriptorOfNode,
  emptiedLog,
  foreignProgramInContainer,
  ghostPod,
  hiddenModule,
  hiddenProcess,
  historyDiscarded,
  identityReach,
  journalEntriesCut,
  journalGap,
  kernelThreadMasquerade,
  kernelTracingFromContainer,
  leftCgroup,
  listenerWithoutProcess,
  miner,
  moduleLoader,
  nodeMountNamespace,
  nodeNamespacesUndeclared,
  openKubelet,
  packetCapture,
  persistenceContent,
  persistenceFromPod,
  plantedDevice,
  plantedInContainer,
  podLogLink,
  podNotOnNode,
  preloadEnvironment,
  preloadedLibrary,
  privilegedContainer,
  processHiddenByMount,
  programInSharedMemory,
  programUnlikeOtherNodes,
  programWithoutFile,
  rawDevice,
  rawSocket,
  releaseAgent,
  reverseShell,
  runtimeSocket,
  sensitiveEndpoint,
  setuidPlanted,
  shellCommandLine,
  sshServerInContainer,
  staticPodWithoutMirror,
  taintedKernel,
  tamperedProgram,
  tracedFromElsewhere,
  ueventHelper,
  unmanagedContainer,
  wipedLogins,
  workingDirectoryThroughDescriptor,
  writableNodePath,
];

/** The rule of an id. */
export function findRule(id: string): Rule | undefined {
  return rules.find((rule) => rule.id === id);
}
