import { expect } from 'chai';
import { findPod, parsePod, parsePods } from '../../src/findings/pods.ts';
import { survivesHostileBytes } from '../artifacts/hostile.ts';
import { agent, podList, podObject, web } from './traces-lab.ts';

const list = podList(
  podObject(web, {
    spec: { hostPID: true, volumes: [{ hostPath: { path: '/etc' } }, { emptyDir: {} }] },
    container: { securityContext: { privileged: true }, volumeDevices: [{ devicePath: '/dev/xvda' }] },
  }),
  podObject(agent, { annotations: { 'kubernetes.io/config.hash': 'abc' } }),
);

describe('pods of a list', () => {
  it('are read with what they ask for', () => {
    const [pod] = parsePods(Buffer.from(list)) ?? [];
    expect(pod).to.include({ uid: web.pod, hostPID: true, hostIPC: false, hostNetwork: false });
    expect(pod?.hostPaths).to.deep.equal(['/etc']);
    expect(pod?.containers).to.deep.equal([
      { name: 'main', id: web.id, running: true, privileged: true, devices: ['/dev/xvda'] },
    ]);
  });
  it('tell whether they run, end, or were deleted', () => {
    const ended = { phase: 'Failed', state: { terminated: {} }, deleted: '2026-11-20T01:00:00Z' };
    const pods = parsePods(Buffer.from(podList(podObject(web), podObject(agent, ended)))) ?? [];
    expect(
      pods.map(({ phase, deleting, containers }) => [phase, deleting, containers[0]?.running]),
    ).to.deep.equal([
      ['Running', false, true],
      ['Failed', true, false],
    ]);
  });
  it('are found by uid and by the hash of their manifest', () => {
    const pods = parsePods(Buffer.from(list)) ?? [];
    expect(findPod(pods, 'abc')?.uid).to.equal(agent.pod);
    expect(findPod(pods, agent.pod)?.uid).to.equal(agent.pod);
    expect(findPod(pods, undefined)).to.equal(undefined);
  });
  it('leave out what is none', () => {
    expect(parsePods(Buffer.from('{"items":[1,{},{"metadata":{"uid":"u"}}]}'))).to.deep.equal([]);
    expect(parsePods(Buffer.from('{"items":{}}'))).to.equal(undefined);
    survivesHostileBytes((bytes) => parsePods(bytes) ?? [], list);
  });
  it('have a token where a projected volume or the place of old clusters says so', () => {
    const withSpec = (spec: object): boolean | undefined =>
      parsePod(Buffer.from(JSON.stringify({ metadata: { uid: 'u', name: 'n', namespace: 's' }, spec })))
        ?.token;
    const place = '/var/run/secrets/kubernetes.io/serviceaccount';
    expect(withSpec({ volumes: [{ projected: { sources: [{ serviceAccountToken: {} }] } }] })).to.equal(true);
    expect(withSpec({ containers: [{ volumeMounts: [{ mountPath: place }] }] })).to.equal(true);
    expect(
      withSpec({ containers: [{ volumeMounts: [{ mountPath: '/data' }] }], volumes: [{ secret: {} }] }),
    ).to.equal(false);
  });
});
