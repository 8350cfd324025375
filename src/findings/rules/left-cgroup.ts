import { identityOf } from '../process-identity.ts';
import type { Rule } from '../rule.ts';
import { contained, containerSubject, processEvidence, startingIn } from '../subject.ts';

/** Kernel namespaces are shared by the children of a container; its cgroup can be left by writing to cgroup.procs. */
export const leftCgroup: Rule = {
  id: 'left-cgroup',
  title: 'process is in the namespaces of a container and not in its cgroup',
  explanation:
    'It lives in a container and is counted nowhere: it left the cgroup, to escape limits and every tool that asks by cgroup, or somebody entered the container from the node.',
  severity: 'high',
  confidence: 'medium',
  lessWhen: 'A process that started while evidence was collected may be on its way in, and is left out.',
  attack: ['T1611', 'T1014'],
  threatMatrix: [],
  references: ['cgroups(7)', 'pid_namespaces(7)'],
  refutedBy: 'An administrator was in the container with nsenter at that time.',
  next: ['kubectl ir show {case} processes -o wide'],
  needs: ['processes', 'first process'],
  *judge(traces) {
    const isStarting = startingIn(traces);
    const owners = new Map<string, (typeof traces.processes)[number]>();
    for (const process of contained(traces))
      for (const sort of ['mnt', 'pid']) {
        const inode = process.namespaces.get(sort);
        if (inode !== undefined && inode !== traces.host?.namespaces.get(sort))
          owners.set(`${process.source.acquisition} ${sort} ${inode}`, process);
      }
    for (const process of traces.processes) {
      if (process.container.containerId !== undefined || isStarting(process)) continue;
      const [sort, owner] =
        ['mnt', 'pid']
          .map(
            (one) =>
              [
                one,
                owners.get(`${process.source.acquisition} ${one} ${process.namespaces.get(one) ?? ''}`),
              ] as const,
          )
          .find(([, found]) => found !== undefined) ?? [];
      if (owner === undefined) continue;
      yield {
        subject: { ...containerSubject(traces, owner), ...identityOf(process) },
        seen: `shares the ${sort ?? ''} namespace with pid ${owner.pid} of the container, its cgroup is none of a container`,
        evidence: [processEvidence(process), processEvidence(owner)],
      };
    }
  },
};
