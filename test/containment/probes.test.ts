import { expect } from 'chai';
import type { Pod } from '../../src/cluster/objects.ts';
import {
  freezeSeconds,
  podProbes,
  probePorts,
  probeText,
  restartBudget,
} from '../../src/containment/probes.ts';
import { shopPod } from './subjects.ts';

type Container = NonNullable<Pod['spec']>['containers'][number];

const withContainers = (containers: Partial<Container>[], init: Partial<Container>[] = []): Pod =>
  shopPod({ spec: { containers: containers as Container[], initContainers: init as Container[] } });

describe('podProbes', () => {
  it('finds ports by number and by name, of http, tcp and grpc probes, also of sidecars', () => {
    const probes = podProbes(
      withContainers(
        [
          {
            name: 'web',
            ports: [{ name: 'http', containerPort: 8080 }],
            livenessProbe: { httpGet: { port: 'http' } },
            readinessProbe: { tcpSocket: { port: 9000 } },
            startupProbe: { grpc: { port: 50_051 } },
          },
          { name: 'job', livenessProbe: { exec: { command: ['true'] } } },
        ],
        [
          { name: 'mesh', restartPolicy: 'Always', readinessProbe: { httpGet: { port: 15_021 } } },
          { name: 'once', livenessProbe: { httpGet: { port: 1 } } },
        ],
      ),
    );
    expect(probePorts(probes)).to.deep.equal([8080, 9000, 15_021, 50_051]);
    expect(probes.map((probe) => probe.by)).to.deep.equal(['http', 'http', 'tcp', 'grpc', 'exec']);
  });

  it('opens no port for a probe of another host, an unknown name or an impossible number', () => {
    const probes = podProbes(
      withContainers([
        {
          name: 'web',
          livenessProbe: { httpGet: { port: 80, host: '127.0.0.1' } },
          readinessProbe: { tcpSocket: { port: 'nothing' } },
          startupProbe: { httpGet: { port: 70_000 } },
        },
      ]),
    );
    expect(probePorts(probes)).to.deep.equal([]);
  });

  it('counts the time to the first restart without readiness probes', () => {
    const probes = podProbes(
      withContainers([
        {
          name: 'web',
          livenessProbe: { tcpSocket: { port: 1 }, periodSeconds: 2, failureThreshold: 3 },
          readinessProbe: { tcpSocket: { port: 1 }, periodSeconds: 1, failureThreshold: 1 },
        },
      ]),
    );
    expect(restartBudget(probes)).to.equal(6);
    expect(probes.map(probeText)[0]).to.equal('liveness :1 every 2s x3');
    expect(restartBudget([])).to.equal(undefined);
    expect(freezeSeconds(probes)).to.equal(3);
    expect(freezeSeconds([])).to.equal(60);
    const once = probes.map((probe) => ({ ...probe, failureThreshold: 1 }));
    expect(freezeSeconds(once)).to.equal(0);
  });
});
