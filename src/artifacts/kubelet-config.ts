import { JSON_SCHEMA, load } from 'js-yaml';
import { booleanOf, numberOf, objectOf, textOf } from './json.ts';
import type { Malformed } from './lines.ts';
import { present } from './present.ts';

/** What of a kubelet's configuration decides who may use it: kubelet.config.k8s.io/v1beta1 `KubeletConfiguration`. */
export interface KubeletConfiguration {
  /** Strangers may ask; missing means the default of the file, which is true. */
  readonly anonymous?: boolean;
  readonly webhook?: boolean;
  readonly clientCA?: string;
  /** `AlwaysAllow` or `Webhook`. */
  readonly authorization?: string;
  /** 0 when it is shut. */
  readonly readOnlyPort?: number;
  readonly port?: number;
  readonly staticPods?: string;
  readonly staticPodsUrl?: string;
  readonly debuggingHandlers?: boolean;
  readonly protectKernelDefaults?: boolean;
  readonly rotateCertificates?: boolean;
  readonly featureGates: Readonly<Record<string, boolean>>;
}

/** True for a text in YAML or JSON that calls itself one, sound or not. */
export function saysKubelet(bytes: Buffer): boolean {
  return /(?:^|[{,])[ \t]*["']?kind["']?[ \t]*:[ \t]*["']?KubeletConfiguration\b/m.test(
    bytes.toString('latin1'),
  );
}

/** The configuration of a file in YAML or JSON. */
export function* parseKubeletConfiguration(bytes: Buffer): Generator<KubeletConfiguration | Malformed> {
  const value = document(bytes);
  if (value === undefined) {
    yield { malformed: 'no configuration of a kubelet', offset: 0 };
    return;
  }
  const authentication = objectOf(value['authentication']);
  const gates = Object.entries(objectOf(value['featureGates']) ?? {});
  yield {
    ...present({
      anonymous: booleanOf(objectOf(authentication?.['anonymous'])?.['enabled']),
      webhook: booleanOf(objectOf(authentication?.['webhook'])?.['enabled']),
      clientCA: textOf(objectOf(authentication?.['x509'])?.['clientCAFile']),
      authorization: textOf(objectOf(value['authorization'])?.['mode']),
      readOnlyPort: numberOf(value['readOnlyPort']),
      port: numberOf(value['port']),
      staticPods: textOf(value['staticPodPath']),
      staticPodsUrl: textOf(value['staticPodURL']),
      debuggingHandlers: booleanOf(value['enableDebuggingHandlers']),
      protectKernelDefaults: booleanOf(value['protectKernelDefaults']),
      rotateCertificates: booleanOf(value['rotateCertificates']),
    }),
    featureGates: Object.fromEntries(
      gates.filter((gate): gate is [string, boolean] => typeof gate[1] === 'boolean'),
    ),
  };
}

function document(bytes: Buffer): ReturnType<typeof objectOf> {
  try {
    const value = objectOf(load(bytes.toString('utf8'), { schema: JSON_SCHEMA }));
    return value?.['kind'] === 'KubeletConfiguration' ? value : undefined;
  } catch {
    return undefined;
  }
}
