type Present<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

/** An object without the members that are undefined. */
export function present<T extends object>(object: T): Present<T> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Present<T>;
}
