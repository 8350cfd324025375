import type { Pod, Secret } from '../../cluster/objects.ts';

/** Annotation of a Secret with a token that names its account (Kubernetes, "Managing Service Accounts"). */
const accountAnnotation = 'kubernetes.io/service-account.name';
/** The lifetime that the API server lengthens to a year unless told otherwise (kube-apiserver, --service-account-extend-token-expiration). */
const extendedSeconds = 3607;

/**
 * Each token of the pod's account that is known of, and when it dies: those that the kubelet mounts into this pod are bound to it,
 * those in Secrets to the Secret. Tokens that somebody asked the API for are not listed anywhere.
 */
export function tokenTexts(pod: Pod, secrets: readonly Secret[]): string[] {
  const account = pod.spec?.serviceAccountName ?? 'default';
  const mounted = (pod.spec?.volumes ?? []).flatMap((volume) =>
    (volume.projected?.sources ?? []).flatMap(({ serviceAccountToken: token }) => {
      if (token === undefined) return [];
      const seconds = token.expirationSeconds ?? 3600;
      const audience = token.audience === undefined ? '' : ` for ${token.audience}`;
      const longer = seconds === extendedSeconds ? ', a year where the API server extends it' : '';
      return [
        `token in volume ${volume.name}${audience}: lives ${seconds} s from each renewal${longer}; dies with this pod, which is kept, or with the account`,
      ];
    }),
  );
  const kept = secrets
    .filter(({ metadata }) => metadata?.annotations?.[accountAnnotation] === account)
    .map(
      ({ metadata }) =>
        `token in secret/${metadata?.name ?? ''}: never expires; dies with the Secret or the account`,
    );
  return [...mounted, ...kept];
}

/** Secrets that the pod's containers see, by volume or environment, and those that its images are pulled with. */
export function secretTexts({ spec }: Pod): string[] {
  const containers = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])];
  const volumes = (spec?.volumes ?? []).flatMap(({ name, secret, projected }) =>
    [secret?.secretName, ...(projected?.sources ?? []).map((source) => source.secret?.name)]
      .filter((one) => one !== undefined)
      .map((one) => `secret/${one} in volume ${name}`),
  );
  const variables = containers.flatMap(({ name, env, envFrom }) =>
    [
      ...(env ?? []).map(({ valueFrom }) => valueFrom?.secretKeyRef?.name),
      ...(envFrom ?? []).map(({ secretRef }) => secretRef?.name),
    ]
      .filter((one) => one !== undefined)
      .map((one) => `secret/${one} in the environment of ${name}`),
  );
  const pull = (spec?.imagePullSecrets ?? []).map(({ name }) => `secret/${name ?? ''} to pull images with`);
  return [...new Set([...volumes, ...variables, ...pull])];
}
