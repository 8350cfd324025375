import { booleanOf, type JsonObject, numberOf, objectOf, objectsOf, textOf } from '../../artifacts/json.ts';
import type { Control, ControlFacts, ControlJudgement } from './control.ts';
import { containersOf, contextOf, inPlace, inTemplate, nameOf, notLookedAt, notMeant } from './template.ts';

/** Judges each container, and gives those that fail a part of the template. */
function eachContainer(
  facts: ControlFacts,
  fails: (container: JsonObject) => string | undefined,
  fix: (container: JsonObject) => JsonObject,
  good: string,
): ControlJudgement {
  const containers = containersOf(facts.pod);
  if (containers.length === 0) return notLookedAt('no container of the pod is known');
  const failing = containers.flatMap((container) => {
    const why = fails(container);
    return why === undefined ? [] : [{ container, why }];
  });
  if (failing.length === 0) return inPlace(good);
  const seen = failing.map(({ container, why }) => `${nameOf(container)}: ${why}`).join('; ');
  const parts = failing.map(({ container }) => ({ name: nameOf(container), ...fix(container) }));
  return inTemplate(facts, seen, { containers: parts });
}

/** Controls that stand in the pod itself. */
export const podControls: readonly Control[] = [
  {
    id: 'privileged',
    title: 'no privileged container',
    rules: [
      'privileged-container',
      'raw-device',
      'planted-device',
      'capabilities-beyond-specification',
      'release-agent',
      'kernel-tracing-from-container',
      'module-loader',
      'uevent-helper',
      'core-dump-handler',
    ],
    judge: (facts) =>
      eachContainer(
        facts,
        (container) => (booleanOf(contextOf(container)['privileged']) === true ? 'privileged' : undefined),
        () => ({ securityContext: { privileged: false } }),
        'no container is privileged',
      ),
  },
  {
    id: 'host-namespaces',
    title: 'no namespace of the node',
    rules: ['node-namespaces-undeclared', 'node-mount-namespace', 'traced-from-elsewhere', 'packet-capture'],
    judge: judgeNamespaces,
  },
  {
    id: 'token',
    title: 'no token without need',
    rules: ['credential-open'],
    judge: judgeToken,
  },
  {
    id: 'run-as-non-root',
    title: 'no process of root',
    rules: ['setuid-planted', 'planted-in-container', 'tampered-program'],
    judge: judgeUser,
  },
  {
    id: 'read-only-root',
    title: 'a read-only root file system',
    rules: [
      'planted-in-container',
      'foreign-program-in-container',
      'tampered-program',
      'setuid-planted',
      'program-without-file',
    ],
    judge: (facts) =>
      eachContainer(
        facts,
        (container) =>
          booleanOf(contextOf(container)['readOnlyRootFilesystem']) === true
            ? undefined
            : 'its root can be written to',
        () => ({ securityContext: { readOnlyRootFilesystem: true } }),
        'no container can write to its root',
      ),
  },
  {
    id: 'image-digest',
    title: 'images by digest',
    rules: [],
    judge: judgeImages,
  },
];

function judgeNamespaces(facts: ControlFacts): ControlJudgement {
  const shared = ['hostPID', 'hostIPC', 'hostNetwork'].filter(
    (key) => booleanOf(facts.pod.spec[key]) === true,
  );
  if (shared.length === 0) return inPlace('it has namespaces of its own');
  return inTemplate(facts, shared.join(', '), Object.fromEntries(shared.map((key) => [key, false])));
}

/** What a container says of its user goes before what its pod says (core/v1 SecurityContext). */
function judgeUser(facts: ControlFacts): ControlJudgement {
  const whole = contextOf(facts.pod.spec);
  return eachContainer(
    facts,
    (container) => {
      const own = contextOf(container);
      const user = numberOf(own['runAsUser']) ?? numberOf(whole['runAsUser']);
      const never = booleanOf(own['runAsNonRoot']) ?? booleanOf(whole['runAsNonRoot']);
      if (never === true || (user !== undefined && user > 0)) return undefined;
      return user === 0 ? 'runs as root' : 'may run as root';
    },
    () => ({ securityContext: { runAsNonRoot: true } }),
    'no container may run as root',
  );
}

/** A token is mounted unless the pod says no, or its account and not the pod (kubernetes.io, Configure Service Accounts for Pods). */
function judgeToken(facts: ControlFacts): ControlJudgement {
  const { pod, account, grants } = facts;
  const own = booleanOf(pod.spec['automountServiceAccountToken']);
  if (own === false) return inPlace('the pod says no');
  if (own === undefined && account === undefined) return notLookedAt('its ServiceAccount was not read');
  if (own === undefined && booleanOf(account?.['automountServiceAccountToken']) === false)
    return inPlace('its ServiceAccount says no');
  if (grants === undefined) return notLookedAt('what its ServiceAccount may do was not read');
  const name = textOf(pod.spec['serviceAccountName']) ?? 'default';
  if (grants.length > 0)
    return notMeant(`serviceaccount/${name} has rights of its own, by ${grants[0]?.binding ?? ''}`);
  const seen = `a token of serviceaccount/${name} is mounted, to which no binding gives anything`;
  return inTemplate(facts, seen, { automountServiceAccountToken: false });
}

/** The digest that runs now stands in the status (core/v1 ContainerStatus, imageID). */
function judgeImages(facts: ControlFacts): ControlJudgement {
  const running = new Map(
    objectsOf(facts.pod.status['containerStatuses']).map((one) => [
      nameOf(one),
      textOf(one['imageID']) ?? '',
    ]),
  );
  const imageOf = (container: JsonObject): string => textOf(container['image']) ?? '';
  const digestOf = (container: JsonObject): string | undefined =>
    /@(sha256:[0-9a-f]{64})$/.exec(running.get(nameOf(container)) ?? '')?.[1];
  const judgement = eachContainer(
    facts,
    (container) =>
      isPinned(imageOf(container)) ? undefined : `${imageOf(container)} may be another image tomorrow`,
    (container) => ({ image: `${withoutTag(imageOf(container))}@${digestOf(container) ?? ''}` }),
    'every image is named by its digest',
  );
  const loose = containersOf(facts.pod).filter((container) => !isPinned(imageOf(container)));
  if (loose.every((container) => digestOf(container) !== undefined)) return judgement;
  const byHand = 'look up the digests of its images; the pod does not tell all of them';
  return { state: judgement.state, seen: judgement.seen, byHand };
}

function isPinned(image: string): boolean {
  return /@sha256:[0-9a-f]{64}$/.test(image);
}

/** A colon before the last slash belongs to the port of a registry. */
function withoutTag(image: string): string {
  return image.replace(/@.*$/, '').replace(/:[^/:]*$/, '');
}

/** Volumes of the node that a pod mounts. */
export function hostPathsOf(spec: JsonObject): string[] {
  return objectsOf(spec['volumes'])
    .map((volume) => textOf(objectOf(volume['hostPath'])?.['path']))
    .filter((path) => path !== undefined);
}
