import { evidence } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { filesLike } from '../settings.ts';

/** Of systemd, in its own hierarchy of cgroup v1. */
const usual = [
  '/lib/systemd/systemd-cgroups-agent',
  '/usr/lib/systemd/systemd-cgroups-agent',
  '/run/cgmanager/agents/cgm-release-agent.systemd',
];

/** cgroup v1 runs its release agent as root on the node when a cgroup empties. */
export const releaseAgent: Rule = {
  id: 'release-agent',
  title: 'a cgroup has a release agent',
  explanation:
    'The kernel runs it as root on the node when the last process of a cgroup ends; whoever may write to a cgroup file system breaks out with it.',
  severity: 'critical',
  confidence: 'high',
  lessWhen: 'The agent of systemd is no finding, by its whole path.',
  attack: ['T1611'],
  threatMatrix: ['MS-TA9018'],
  references: ['cgroups(7)', 'CVE-2022-0492'],
  refutedBy: 'An old init system set it up at boot, the same on all nodes.',
  next: ['kubectl ir show {case} mounts', 'kubectl ir show {case} containers -o wide'],
  needs: ['kernel helpers'],
  *judge(traces) {
    for (const { source, value } of filesLike(
      traces,
      /^\[root\]\/sys\/fs\/cgroup\/(?:.*\/)?release_agent$/,
    )) {
      const agent = value.bytes.toString('latin1').trim();
      if (agent === '' || usual.includes(agent)) continue;
      yield {
        subject: { path: evidence(source, Buffer.from(value.path, 'latin1')).excerpt },
        seen: 'it names a program that the kernel will run',
        evidence: [evidence(source, value.bytes)],
      };
    }
  },
};
