import type {
  ApiService,
  KubeObject,
  MutatingWebhookConfiguration,
  ValidatingWebhookConfiguration,
} from '../../cluster/objects.ts';

/** CustomResourceDefinition (apiextensions.k8s.io/v1), as far as conversion goes. */
export type ConvertedResource = KubeObject & {
  readonly spec?: {
    readonly group?: string;
    readonly conversion?: { readonly webhook?: { readonly clientConfig?: ClientConfig } };
  };
};

interface ClientConfig {
  readonly service?: ServiceReference;
  readonly url?: string;
}

interface ServiceReference {
  readonly namespace?: string;
  readonly name?: string;
}

/** What the API server asks of Services. */
export interface ServerBackends {
  readonly webhooks: readonly (ValidatingWebhookConfiguration | MutatingWebhookConfiguration)[];
  readonly apiServices: readonly ApiService[];
  readonly definitions: readonly ConvertedResource[];
}

/** Something of the API server that a Service answers for. */
export interface Served {
  readonly service: string;
  /** What it is, such as `validatingwebhookconfiguration/x (webhook y)`. */
  readonly what: string;
  /** What stops when the Service does not answer; undefined when the API server goes on without it. */
  readonly stops?: string;
}

/** What the API server asks of these Services of one namespace. */
export function servedBy(
  namespace: string,
  services: readonly string[],
  { webhooks, apiServices, definitions }: ServerBackends,
): Served[] {
  const chosen = (config: ClientConfig | undefined): string[] => {
    const ref = config?.service ?? serviceOfUrl(config?.url);
    return ref?.namespace === namespace ? services.filter((name) => name === ref.name) : [];
  };
  return [
    ...webhooks.flatMap(({ kind, metadata, webhooks: hooks }) =>
      (hooks ?? []).flatMap((hook) =>
        chosen(hook.clientConfig).map((service) => ({
          service,
          what: `${(kind ?? '').toLowerCase()}/${metadata?.name ?? ''} (${hook.name})`,
          // The default is Fail (admissionregistration.k8s.io/v1).
          ...(hook.failurePolicy === 'Ignore' ? {} : { stops: `writes of ${resourcesOf(hook.rules)}` }),
        })),
      ),
    ),
    ...apiServices.flatMap(({ metadata, spec }) =>
      chosen(spec).map((service) => ({
        service,
        what: `apiservice/${metadata?.name ?? ''}`,
        stops: `the API ${spec?.group ?? ''}, and the deletion of any namespace`,
      })),
    ),
    ...definitions.flatMap(({ metadata, spec }) =>
      chosen(spec?.conversion?.webhook?.clientConfig).map((service) => ({
        service,
        what: `customresourcedefinition/${metadata.name} (conversion)`,
        stops: `reading and writing ${metadata.name} in other versions than the stored one`,
      })),
    ),
  ];
}

/** The Service in a URL such as `https://NAME.NAMESPACE.svc/validate`. */
function serviceOfUrl(url: string | undefined): ServiceReference | undefined {
  const host = url === undefined ? '' : (URL.parse(url)?.hostname ?? '');
  const [, name, namespace] = /^([a-z0-9-]+)\.([a-z0-9-]+)\.svc(?:\.|$)/.exec(host) ?? [];
  return name === undefined || namespace === undefined ? undefined : { name, namespace };
}

function resourcesOf(rules: readonly { readonly resources?: readonly string[] }[] | undefined): string {
  const names = [...new Set((rules ?? []).flatMap(({ resources }) => resources ?? []))];
  const shown = names.slice(0, 5).map((name) => (name === '*' || name === '*/*' ? 'everything' : name));
  const more = names.length > shown.length ? ` and ${names.length - shown.length} more` : '';
  return shown.length === 0 ? 'nothing' : `${shown.join(', ')}${more}`;
}
