import { evidence, excerptOf } from '../finding.ts';
import { persistenceFiles, shapeOf } from '../persistence.ts';
import { apartFromNode, below, placeOnNode } from '../places.ts';
import type { Rule } from '../rule.ts';
import { filesLike } from '../settings.ts';
import { contained, containerSubject, onePerContainer, processEvidence } from '../subject.ts';

/** A file from which the node starts something, changed while a container could write to its directory. */
export const persistenceFromPod: Rule = {
  id: 'persistence-from-pod',
  title: 'what the node starts by itself was changed while a pod could write there',
  explanation:
    'The directory is mounted writable into a container, and the file was changed after that container started: the pod had the means and was there.',
  severity: 'critical',
  confidence: 'medium',
  lessWhen:
    'High where the file does nothing that is odd by itself. Files from before the container started are no finding.',
  attack: ['T1053.003', 'T1543.002', 'T1098.004', 'T1546.004', 'T1611'],
  threatMatrix: ['MS-TA9013'],
  references: ['inode(7), ctime', 'proc_pid_mountinfo(5)'],
  refutedBy: 'An administrator or a package of the node changed the file at that time, as its logs say.',
  next: [
    'kubectl ir show {case} cron',
    'kubectl ir show {case} mounts',
    'kubectl ir isolate {pod} -n {namespace}',
  ],
  needs: ['processes', 'first process', 'mount tables', 'configuration'],
  *judge(traces) {
    const files = filesLike(traces, /^\[root\]/).filter(({ value }) => persistenceFiles.test(value.path));
    for (const { process, table, node } of apartFromNode(traces, onePerContainer(contained(traces)))) {
      const started = Date.parse(process.started ?? '') / 1000;
      if (Number.isNaN(started)) continue;
      const places = table.mounts.flatMap((mount) => {
        const place = mount.options.includes('rw') ? placeOnNode(mount, node) : undefined;
        return place === undefined ? [] : [{ mount, place }];
      });
      for (const { source, value } of files) {
        if (value.changed === undefined || value.changed <= started) continue;
        const found = places.find(({ place }) => below(place, value.path) !== undefined);
        if (found === undefined) continue;
        const shape = shapeOf(value.bytes.toString('latin1'));
        yield {
          subject: {
            ...containerSubject(traces, process),
            path: excerptOf(Buffer.from(value.path, 'latin1')),
          },
          seen: `changed ${Math.round(value.changed - started)} s after the container started${shape === undefined ? '' : `; it has ${shape.what}`}`,
          severity: shape === undefined ? 'high' : 'critical',
          evidence: [
            evidence(source, Buffer.from(shape?.line ?? value.bytes.toString('latin1'), 'latin1')),
            evidence(
              table.source,
              Buffer.concat([
                found.mount.root,
                Buffer.from(' on '),
                found.mount.point,
                Buffer.from(` ${found.mount.options.join(',')}`),
              ]),
            ),
            processEvidence(process),
          ],
        };
      }
    }
  },
};
