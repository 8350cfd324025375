import { expect } from 'chai';
import { cgroupMounted } from '../../../src/findings/rules/cgroup-mounted.ts';
import {
  containerMountTable,
  type Items,
  podList,
  podObject,
  processItems,
  seenBy,
  web,
} from '../traces-lab.ts';

const mounted = (line: string): Items => processItems(10, { in: web, mounts: containerMountTable(line) });

describe('rule cgroup-mounted', () => {
  it('finds the first step of an escape by a release agent', () => {
    expect(seenBy(cgroupMounted, mounted('60 50 0:31 / /tmp/c rw - cgroup cgroup rw,memory'))).to.deep.equal([
      'high: mounted for writing although its pod did NOT ask for it',
    ]);
  });
  it('scores down what the pod asks for', () => {
    const volumes = [{ hostPath: { path: '/sys/fs/cgroup' } }];
    expect(
      seenBy(cgroupMounted, mounted('60 50 0:31 / /host/cgroup/memory rw - cgroup cgroup rw,memory'), {
        'live_response/kubernetes/pods.json': podList(podObject(web, { spec: { volumes } })),
      }),
    ).to.deep.equal(['medium: mounted for writing, as its pod asks']);
  });
  it('leaves those of the runtime, those to read and those of the second version alone', () => {
    for (const line of [
      '60 50 0:31 /kubepods/x /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory',
      '60 50 0:31 / /host/cgroup/memory ro - cgroup cgroup rw,memory',
      '60 50 0:32 / /tmp/c rw - cgroup2 cgroup2 rw',
    ])
      expect(seenBy(cgroupMounted, mounted(line))).to.deep.equal([]);
  });
});
