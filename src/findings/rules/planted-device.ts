import { evidence, excerptOf } from '../finding.ts';
import type { Rule } from '../rule.ts';

/** Block devices outside of /dev, by the modes of all files; layers of containers are among them. */
export const plantedDevice: Rule = {
  id: 'planted-device',
  title: 'a disk has a second name outside of /dev',
  explanation:
    'Somebody made a device file, as one does in a container to reach the disk of the node past its file system.',
  severity: 'high',
  confidence: 'medium',
  lessWhen:
    'Block devices that the kubelet hands to pods for their volumes are no finding; nor are those of a chroot of a boot image.',
  attack: ['T1611', 'T1006'],
  threatMatrix: ['MS-TA9018'],
  references: ['mknod(2)', 'The Sleuth Kit, body file 3.x'],
  refutedBy: 'An image that was unpacked there came with the file.',
  next: ['kubectl ir show {case} files', 'kubectl ir show {case} containers'],
  needs: ['metadata of files'],
  *judge({ metadata }) {
    for (const { source, value } of metadata) {
      const path = value.name.toString('latin1');
      if (
        !value.mode.startsWith('b') ||
        /^\/var\/lib\/kubelet\/(?:plugins|pods)\/.*\/?(?:volumeDevices|kubernetes\.io~)/.test(path)
      )
        continue;
      yield {
        subject: { path: excerptOf(value.name) },
        seen: 'it is a block device',
        evidence: [evidence(source, Buffer.concat([Buffer.from(`${value.mode} `), value.name]))],
      };
    }
  },
};
