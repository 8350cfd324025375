import type { Placeholders } from './placeholder.ts';
import { redactLine } from './redact-line.ts';
import { isSecretName } from './secret-name.ts';

/**
 * Objects of the Kubernetes API as JSON, alone or in a list: the data of Secrets, the values of environment variables,
 * fields and arguments whose names say so, and secrets by their form in every other text. Undefined when it is no JSON.
 */
export function redactObjects(bytes: Buffer, placeholders: Placeholders): Buffer | undefined {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
  return Buffer.from(JSON.stringify(new ObjectRedaction(placeholders).value(value)));
}

class ObjectRedaction {
  readonly #placeholders: Placeholders;

  constructor(placeholders: Placeholders) {
    this.#placeholders = placeholders;
  }

  value(value: unknown): unknown {
    if (typeof value === 'string') return this.#text(value);
    if (Array.isArray(value)) return this.#list(value);
    if (typeof value !== 'object' || value === null) return value;
    const isSecret = 'kind' in value && value.kind === 'Secret';
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [name, this.#member(name, member, isSecret)]),
    );
  }

  #member(name: string, member: unknown, ofSecret: boolean): unknown {
    if (ofSecret && (name === 'data' || name === 'stringData')) return this.#all(member);
    if (name === 'env' && Array.isArray(member)) return member.map((one: unknown) => this.#variable(one));
    if (typeof member === 'string' && isSecretName(name)) return this.#whole(member);
    return this.value(member);
  }

  /** `{name, value}`; a value that comes from elsewhere is only named here. */
  #variable(variable: unknown): unknown {
    if (typeof variable !== 'object' || variable === null || !('value' in variable))
      return this.value(variable);
    const { value, ...more } = variable;
    return { ...more, value: typeof value === 'string' ? this.#whole(value) : this.#all(value) };
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
    if (Array.isArray(value)) return value.map((one: unknown) => this.#all(one));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, this.#all(member)]));
  }

  #whole(text: string): string {
    return text === '' ? '' : this.#placeholders.of(Buffer.from(text));
  }

  #text(text: string): string {
    const bytes = Buffer.from(text).toString('latin1');
    const lines = bytes.split('\n').map((line) => redactLine(line, this.#placeholders));
    return Buffer.from(lines.join('\n'), 'latin1').toString('utf8');
  }
}
