import type { Labels } from '../../cluster/selector.ts';

/** A selector of Calico, taken apart. */
export interface CalicoSelector {
  readonly matches: (labels: Labels) => boolean;
  /** Label keys that it looks at. */
  readonly keys: readonly string[];
}

type Test = (labels: Labels) => boolean;

/** Longer ones are not taken apart. */
const longest = 4_096;
const deepest = 100;
const token = /\s*(?:(\|\||&&|==|!=|[!(){},])|'([^']*)'|"([^"]*)"|([A-Za-z0-9_./-]+))/y;

/**
 * Reads Calico's selector language (Calico documentation, "Selectors"): `==`, `!=`, `in`, `not in`, `has()`, `contains`,
 * `starts with`, `ends with`, `all()`, `global()`, `!`, `&&`, `||` and parentheses. Undefined for what it can't read.
 */
export function calicoSelector(text: string): CalicoSelector | undefined {
  if (text.trim() === '') return { matches: () => true, keys: [] };
  const words = text.length > longest ? undefined : tokens(text);
  if (words === undefined) return undefined;
  const reader = new Reader(words);
  const test = reader.either();
  return test === undefined || !reader.ended ? undefined : { matches: test, keys: [...reader.keys] };
}

interface Word {
  readonly text: string;
  /** `value` for what stood in quotes. */
  readonly kind: 'mark' | 'value' | 'name';
}

function tokens(text: string): Word[] | undefined {
  const words: Word[] = [];
  const end = text.trimEnd().length;
  token.lastIndex = 0;
  while (token.lastIndex < end) {
    const found = token.exec(text);
    if (found === null) return undefined;
    const [, mark, single, double, name] = found;
    if (mark !== undefined) words.push({ text: mark, kind: 'mark' });
    else if (name !== undefined) words.push({ text: name, kind: 'name' });
    else words.push({ text: single ?? double ?? '', kind: 'value' });
  }
  return words;
}

/** Recursive descent; each method gives undefined where the text is none of the language. */
class Reader {
  readonly keys = new Set<string>();
  readonly #words: readonly Word[];
  #at = 0;
  #depth = 0;

  constructor(words: readonly Word[]) {
    this.#words = words;
  }

  get ended(): boolean {
    return this.#at === this.#words.length;
  }

  either(): Test | undefined {
    return this.#joined(
      '||',
      () => this.#both(),
      (one, other) => (labels) => one(labels) || other(labels),
    );
  }

  #both(): Test | undefined {
    return this.#joined(
      '&&',
      () => this.#single(),
      (one, other) => (labels) => one(labels) && other(labels),
    );
  }

  #joined(
    mark: string,
    part: () => Test | undefined,
    join: (one: Test, other: Test) => Test,
  ): Test | undefined {
    let test = part();
    while (test !== undefined && this.#take(mark)) {
      const other = part();
      test = other === undefined ? undefined : join(test, other);
    }
    return test;
  }

  #single(): Test | undefined {
    if (this.#depth > deepest) return undefined;
    this.#depth += 1;
    const test = this.#prefixed();
    this.#depth -= 1;
    return test;
  }

  #prefixed(): Test | undefined {
    if (this.#take('!')) {
      const test = this.#single();
      return test === undefined ? undefined : (labels) => !test(labels);
    }
    if (!this.#take('(')) return this.#match();
    const test = this.either();
    return this.#take(')') ? test : undefined;
  }

  #match(): Test | undefined {
    const key = this.#word('name');
    if (key === undefined) return undefined;
    if (this.#take('(')) return this.#call(key);
    this.keys.add(key);
    if (this.#take('==')) return this.#compare(key, (value, wanted) => value === wanted);
    if (this.#take('!=')) return this.#compare(key, (value, wanted) => value !== wanted, true);
    const operator = this.#word('name');
    switch (operator) {
      case 'in':
        return this.#among(key, false);
      case 'not':
        return this.#word('name') === 'in' ? this.#among(key, true) : undefined;
      case 'contains':
        return this.#compare(key, (value, wanted) => value.includes(wanted));
      case 'starts':
      case 'ends': {
        if (this.#word('name') !== 'with') return undefined;
        return this.#compare(key, (value, wanted) =>
          operator === 'starts' ? value.startsWith(wanted) : value.endsWith(wanted),
        );
      }
      default:
        return undefined;
    }
  }

  #call(name: string): Test | undefined {
    if (name === 'has') {
      const key = this.#word('name');
      if (key === undefined || !this.#take(')')) return undefined;
      this.keys.add(key);
      return (labels) => Object.hasOwn(labels, key);
    }
    if (!this.#take(')')) return undefined;
    if (name === 'all') return () => true;
    return name === 'global' ? () => false : undefined;
  }

  #compare(key: string, test: (value: string, wanted: string) => boolean, absent = false): Test | undefined {
    const wanted = this.#word('value');
    if (wanted === undefined) return undefined;
    return (labels) => {
      const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
      return value === undefined ? absent : test(value, wanted);
    };
  }

  #among(key: string, negated: boolean): Test | undefined {
    if (!this.#take('{')) return undefined;
    const values: string[] = [];
    while (!this.#take('}')) {
      const value = this.#word('value');
      if (value === undefined) return undefined;
      values.push(value);
      this.#take(',');
    }
    return (labels) => {
      const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
      return (value !== undefined && values.includes(value)) !== negated;
    };
  }

  #take(mark: string): boolean {
    const word = this.#words[this.#at];
    if (word?.kind !== 'mark' || word.text !== mark) return false;
    this.#at += 1;
    return true;
  }

  #word(kind: 'name' | 'value'): string | undefined {
    const word = this.#words[this.#at];
    if (word?.kind !== kind) return undefined;
    this.#at += 1;
    return word.text;
  }
}
