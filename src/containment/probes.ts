import type { Pod } from '../cluster/objects.ts';

type Container = NonNullable<Pod['spec']>['containers'][number];
type ProbeSpec = NonNullable<Container['livenessProbe']>;

/** One probe of the kubelet. */
export interface Probe {
  readonly container: string;
  readonly purpose: 'liveness' | 'readiness' | 'startup';
  readonly by: 'http' | 'tcp' | 'grpc' | 'exec';
  /** Port on the pod's address; undefined for exec probes and for probes that go to another host. */
  readonly port?: number;
  readonly periodSeconds: number;
  readonly failureThreshold: number;
}

/** Every probe of containers and restartable init containers (sidecars); the defaults are those of the API (core/v1 Probe). */
export function podProbes(pod: Pod): Probe[] {
  const sidecars = (pod.spec?.initContainers ?? []).filter((one) => one.restartPolicy === 'Always');
  return [...sidecars, ...(pod.spec?.containers ?? [])].flatMap((container) =>
    (
      [
        ['liveness', container.livenessProbe],
        ['readiness', container.readinessProbe],
        ['startup', container.startupProbe],
      ] as const
    ).flatMap(([purpose, spec]) => (spec === undefined ? [] : probeOf(container, purpose, spec))),
  );
}

/** Ports on the pod's address that probes go to, ascending, each once. */
export function probePorts(probes: readonly Probe[]): number[] {
  const ports = probes.flatMap((probe) => (probe.port === undefined ? [] : [probe.port]));
  return [...new Set(ports)].sort((a, b) => a - b);
}

/** Seconds until the kubelet would restart a container if all its probes failed from now on; undefined when none would. */
export function restartBudget(probes: readonly Probe[]): number | undefined {
  const seconds = probes
    .filter((probe) => probe.purpose !== 'readiness')
    .map((probe) => probe.periodSeconds * probe.failureThreshold);
  return seconds.length === 0 ? undefined : Math.min(...seconds);
}

/** A pod without such probes is not stopped for longer: others wait for it. */
const longestFreeze = 60;
/** What may pass between the freeze and our clock. */
const freezeMargin = 1;

/**
 * Whole seconds for which a pod may be stopped without any container being restarted: the first probe may come at once,
 * and the last of `failureThreshold` fails so many periods later. Failures before are counted by the kubelet alone, so there is no
 * such time for a container that is `faltering`; one that is ready is taken to have none. 0 when there is no such time.
 */
export function freezeSeconds(probes: readonly Probe[], faltering: readonly string[] = []): number {
  const seconds = probes
    .filter((probe) => probe.purpose !== 'readiness')
    .map(({ container, periodSeconds, failureThreshold }) =>
      faltering.includes(container) ? 0 : periodSeconds * (failureThreshold - 1) - freezeMargin,
    );
  return Math.max(0, Math.min(longestFreeze, ...seconds));
}

/** `liveness :8080 every 2s x3`, as in the line "Clock". */
export function probeText(probe: Probe): string {
  const where = probe.port === undefined ? probe.by : `:${probe.port}`;
  return `${probe.purpose} ${where} every ${probe.periodSeconds}s x${probe.failureThreshold}`;
}

function probeOf(container: Container, purpose: Probe['purpose'], spec: ProbeSpec): Probe[] {
  const common = {
    container: container.name,
    purpose,
    periodSeconds: spec.periodSeconds ?? 10,
    failureThreshold: spec.failureThreshold ?? 3,
  };
  if (spec.httpGet) return [{ ...common, by: 'http', ...portOf(container, spec.httpGet) }];
  if (spec.tcpSocket) return [{ ...common, by: 'tcp', ...portOf(container, spec.tcpSocket) }];
  if (spec.grpc) return [{ ...common, by: 'grpc', ...portOf(container, spec.grpc) }];
  return spec.exec ? [{ ...common, by: 'exec' }] : [];
}

/** A port by number or by the name it has in the same container. A probe with a `host` does not go to the pod's address. */
function portOf(
  container: Container,
  target: { readonly host?: string; readonly port: unknown },
): { port?: number } {
  if (target.host !== undefined && target.host !== '') return {};
  const named = container.ports?.find((one) => one.name === target.port)?.containerPort;
  const port = named ?? Number(target.port);
  return Number.isInteger(port) && port > 0 && port < 65_536 ? { port } : {};
}

/** Why a pod may not be stopped at all, in words; undefined when it may. */
export function whyNoFreeze(probes: readonly Probe[], faltering: readonly string[]): string | undefined {
  if (freezeSeconds(probes, faltering) > 0) return undefined;
  return freezeSeconds(probes) === 0
    ? 'its probes would restart a container at once'
    : `${faltering.join(', ')} is not ready, so that its probes may be failing already`;
}

/** Names of a pod's containers that have not started or are not ready. */
export function falteringContainers({ status }: Pod): string[] {
  return [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])]
    .filter(({ ready, started }) => !ready || started === false)
    .map(({ name }) => name);
}
