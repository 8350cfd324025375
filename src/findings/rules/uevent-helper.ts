import { evidence } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { valuesOf } from '../settings.ts';

/** The kernel runs /sys/kernel/uevent_helper as root for every event of a device. */
export const ueventHelper: Rule = {
  id: 'uevent-helper',
  title: 'the kernel has a helper for events of devices',
  explanation:
    'The kernel runs it as root on the node for each event of a device, which a container can bring about; no system of today uses it.',
  severity: 'critical',
  confidence: 'high',
  lessWhen: '/sbin/hotplug, which old kernels were built with, is no finding.',
  attack: ['T1611'],
  threatMatrix: ['MS-TA9018'],
  references: ['Documentation/ABI/testing/sysfs-kernel-uevent_helper'],
  refutedBy: 'The kernel was built with this helper (CONFIG_UEVENT_HELPER_PATH), the same on all nodes.',
  next: ['kubectl ir show {case} containers -o wide', 'kubectl ir show {case} files'],
  needs: ['kernel helpers'],
  *judge(traces) {
    for (const { source, value } of valuesOf(traces, '[root]/sys/kernel/uevent_helper')) {
      if (['', '/sbin/hotplug'].includes(value.trim())) continue;
      const text = Buffer.from(value, 'latin1');
      yield {
        subject: { path: evidence(source, text).excerpt },
        seen: 'a program is set as helper',
        evidence: [evidence(source, text)],
      };
    }
  },
};
