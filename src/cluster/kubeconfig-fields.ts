import { OperationError } from '../output/errors.ts';

/** Reads the fields of one kubeconfig file, each of the type that the format demands, or says which one is wrong. */
export class FieldReader {
  readonly #file: string;
  readonly #path: string;
  readonly #value: Readonly<Record<string, unknown>>;

  /** `value` may be absent (an empty mapping); anything else that is no mapping throws OperationError. */
  constructor(file: string, path: string, value: unknown) {
    this.#file = file;
    this.#path = path;
    if (value !== undefined && value !== null && (typeof value !== 'object' || Array.isArray(value))) {
      throw this.#wrong('', 'a mapping');
    }
    this.#value = (value ?? {}) as Readonly<Record<string, unknown>>;
  }

  /** The string at `key`; undefined when it is absent or empty, as the format makes no difference. */
  string(key: string): string | undefined {
    const value = this.#value[key] ?? '';
    if (typeof value !== 'string') throw this.#wrong(key, 'a string');
    return value === '' ? undefined : value;
  }

  boolean(key: string): boolean {
    const value = this.#value[key] ?? false;
    if (typeof value !== 'boolean') throw this.#wrong(key, 'true or false');
    return value;
  }

  strings(key: string): readonly string[] {
    return this.#list(key).map((item, i) => {
      if (typeof item !== 'string') throw this.#wrong(`${key}[${i}]`, 'a string');
      return item;
    });
  }

  map(key: string): FieldReader {
    return new FieldReader(this.#file, this.#join(key), this.#value[key]);
  }

  maps(key: string): readonly FieldReader[] {
    return this.#list(key).map((item, i) => new FieldReader(this.#file, `${this.#join(key)}[${i}]`, item));
  }

  has(key: string): boolean {
    return this.#value[key] !== undefined && this.#value[key] !== null;
  }

  /** The value as it is, for extensions that only pass through. */
  raw(key: string): unknown {
    return this.#value[key];
  }

  keys(): readonly string[] {
    return Object.keys(this.#value);
  }

  #list(key: string): readonly unknown[] {
    const value = this.#value[key] ?? [];
    if (!Array.isArray(value)) throw this.#wrong(key, 'a list');
    return value;
  }

  #join(key: string): string {
    return this.#path === '' ? key : `${this.#path}.${key}`;
  }

  #wrong(key: string, wanted: string): OperationError {
    const where = (key === '' ? this.#path : this.#join(key)) || 'the document';
    return new OperationError(`error loading config file "${this.#file}": ${where} must be ${wanted}`);
  }
}
