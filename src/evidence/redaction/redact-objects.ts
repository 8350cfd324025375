import { dump, loadAll } from 'js-yaml';
import type { Placeholders } from './placeholder.ts';
import { redactLine } from './redact-line.ts';
import { isSecretName } from './secret-name.ts';

/** Nesting and values beyond which a document is somebody's bomb, and goes through as text. */
const deepest = 100;
const mostValues = 1_000_000;

/**
 * Objects of the Kubernetes API as JSON, alone or in a list: the data of Secrets, the values of environment variables,
 * fields and arguments whose names say so, and secrets by their form in every other text, also in JSON within JSON.
 * Undefined when it is no JSON.
 */
export function redactObjects(bytes: Buffer, placeholders: Placeholders): Buffer | undefined {
  return redactParsed(
    () => JSON.parse(bytes.toString('utf8')) as unknown,
    (value) => JSON.stringify(value),
    placeholders,
  );
}

/** The same of YAML documents. Comments go, since nothing says what stands in them. Undefined when it is no YAML of objects. */
export function redactYaml(bytes: Buffer, placeholders: Placeholders): Buffer | undefined {
  return redactParsed(
    () => loadAll(bytes.toString('utf8')),
    (documents) => (documents as readonly unknown[]).map((one) => dump(one, { lineWidth: -1 })).join('---\n'),
    placeholders,
  );
}

function redactParsed(
  parse: () => unknown,
  format: (value: unknown) => string,
  placeholders: Placeholders,
): Buffer | undefined {
  let value: unknown;
  try {
    value = parse();
  } catch {
    return undefined;
  }
  try {
    return Buffer.from(format(new ObjectRedaction(placeholders).value(value)));
  } catch (error) {
    if (error instanceof TooMuch) return undefined;
    throw error;
  }
}

/** Names of what may be a number; that of a token is how many there are, or when one ends. */
const passwords = /passw|pwd|passphrase|secret/i;

class TooMuch extends Error {}

class ObjectRedaction {
  readonly #placeholders: Placeholders;
  #depth = 0;
  #values = 0;
  /** Objects around the present one that are Secrets, a list of them, or an audit event about one. */
  #secrets = 0;

  constructor(placeholders: Placeholders) {
    this.#placeholders = placeholders;
  }

  value(value: unknown): unknown {
    this.#values += 1;
    if (typeof value === 'string') return this.#text(value);
    if (typeof value !== 'object' || value === null) return value;
    if (this.#depth === deepest || this.#values > mostValues) throw new TooMuch();
    this.#depth += 1;
    const redacted = Array.isArray(value) ? this.#list(value) : this.#object(value);
    this.#depth -= 1;
    return redacted;
  }

  #object(value: object): object {
    const secrets = isOfSecrets(value) ? 1 : 0;
    this.#secrets += secrets;
    const isPatch = 'op' in value && 'path' in value;
    const redacted = Object.fromEntries(
      Object.entries(value).map(([name, member]) => [name, this.#member(name, member, isPatch)]),
    );
    this.#secrets -= secrets;
    return redacted;
  }

  #member(name: string, member: unknown, ofPatch: boolean): unknown {
    const isData = name === 'data' || name === 'stringData' || (ofPatch && name === 'value');
    if (this.#secrets > 0 && isData) return this.#all(member);
    // Pods have `env`, the runtimes' own objects `envs` or `Env`.
    if (/^envs?$/i.test(name)) return this.#environment(member);
    const isSecret = isSecretName(name) && (typeof member === 'string' || isTexts(member));
    if (isSecret || (typeof member === 'number' && passwords.test(name))) return this.#all(member);
    return this.value(member);
  }

  /** A list of `{name, value}` or `NAME=VALUE`, or an object of values. */
  #environment(member: unknown): unknown {
    if (Array.isArray(member)) return member.map((one: unknown) => this.#variable(one));
    return typeof member === 'object' ? this.#all(member) : this.value(member);
  }

  /** A value that comes from elsewhere is only named here. */
  #variable(variable: unknown): unknown {
    if (typeof variable === 'string') {
      const at = variable.indexOf('=') + 1;
      return variable.slice(0, at) + this.#whole(variable.slice(at));
    }
    if (typeof variable !== 'object' || variable === null || !('value' in variable))
      return this.value(variable);
    const { value, ...more } = variable;
    return { ...more, value: this.#all(value) };
  }

  /** Arguments, where one may name the next one. */
  #list(list: readonly unknown[]): unknown[] {
    return list.map((one, at) => {
      const before = list[at - 1];
      const named = typeof before === 'string' && /^--?[^=]+$/.test(before) && isSecretName(before);
      return named && typeof one === 'string' && !one.startsWith('-') ? this.#whole(one) : this.value(one);
    });
  }

  #all(value: unknown): unknown {
    if (typeof value === 'string') return this.#whole(value);
    if (typeof value === 'number' || typeof value === 'boolean') return this.#whole(String(value));
    if (typeof value !== 'object' || value === null) return value;
    this.#values += 1;
    if (this.#depth === deepest || this.#values > mostValues) throw new TooMuch();
    this.#depth += 1;
    const redacted = Array.isArray(value)
      ? value.map((one: unknown) => this.#all(one))
      : Object.fromEntries(Object.entries(value).map(([name, member]) => [name, this.#all(member)]));
    this.#depth -= 1;
    return redacted;
  }

  #whole(text: string): string {
    return text === '' ? '' : this.#placeholders.of(Buffer.from(text));
  }

  /** JSON within a text is what `kubectl apply` leaves in an annotation. */
  #text(text: string): string {
    if (/^\s*[{[]/.test(text)) {
      try {
        const inner: unknown = JSON.parse(text);
        return JSON.stringify(this.value(inner)) + (text.endsWith('\n') ? '\n' : '');
      } catch (error) {
        if (error instanceof TooMuch) throw error;
      }
    }
    const bytes = Buffer.from(text).toString('latin1');
    const lines = bytes.split('\n').map((line) => redactLine(line, this.#placeholders));
    return Buffer.from(lines.join('\n'), 'latin1').toString('utf8');
  }
}

/** In a list of the API its items do not say what they are; nor does a patch in an event of the audit log. */
function isOfSecrets(value: { readonly kind?: unknown; readonly objectRef?: unknown }): boolean {
  const { kind, objectRef } = value;
  if (kind === 'Secret' || kind === 'SecretList') return true;
  return (
    typeof objectRef === 'object' &&
    objectRef !== null &&
    'resource' in objectRef &&
    objectRef.resource === 'secrets'
  );
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
