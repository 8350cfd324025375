type Json = Record<string, unknown>;

/** JSON merge patch (RFC 7386); also stands in for apply and strategic merge, where lists are then replaced whole. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const result: Json = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) Reflect.deleteProperty(result, key);
    else result[key] = mergePatch(result[key], value);
  }
  return result;
}

interface Operation {
  readonly op: string;
  readonly path: string;
  readonly value?: unknown;
}

/** JSON patch (RFC 6902) with add, replace, remove and test; throws Error where the server would answer 422. */
export function jsonPatch(target: unknown, operations: readonly Operation[]): unknown {
  const root = { '': structuredClone(target) };
  for (const { op, path, value } of operations) {
    const keys = path.split('/').map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
    const last = keys.pop() ?? '';
    let parent: unknown = root;
    for (const key of keys) parent = (parent as Json | undefined)?.[key];
    if (typeof parent !== 'object' || parent === null) throw new Error(`there is nothing at ${path}`);
    apply(parent as Json, last, op, value, path);
  }
  return root[''];
}

function apply(parent: Json, key: string, op: string, value: unknown, path: string): void {
  const list = Array.isArray(parent) ? (parent as unknown[]) : undefined;
  if (op !== 'add' && !(key in parent)) throw new Error(`there is nothing at ${path}`);
  if (op === 'test') {
    if (JSON.stringify(parent[key]) !== JSON.stringify(value)) throw new Error(`testing ${path} failed`);
  } else if (op === 'remove') {
    if (list === undefined) Reflect.deleteProperty(parent, key);
    else list.splice(Number(key), 1);
  } else if (op === 'add' && list !== undefined) {
    list.splice(key === '-' ? list.length : Number(key), 0, value);
  } else {
    parent[key] = value;
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
