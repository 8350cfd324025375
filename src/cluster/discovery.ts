import type { Api } from './api.ts';

/** Groups of the API and the versions in which each is served, the preferred one first. */
export type ApiGroups = ReadonlyMap<string, readonly string[]>;

interface GroupList {
  readonly groups?: readonly {
    readonly name?: string;
    readonly preferredVersion?: { readonly version?: string };
    readonly versions?: readonly { readonly version?: string }[];
  }[];
}

/** Which groups the server has (APIGroupList at `/apis`); the core group is not among them. */
export async function apiGroups(api: Api, signal?: AbortSignal): Promise<ApiGroups> {
  const list = await api.json<GroupList>({
    path: '/apis',
    doing: 'ask which API groups there are',
    ...(signal === undefined ? {} : { signal }),
  });
  return new Map(
    (list.groups ?? []).map(({ name = '', preferredVersion, versions = [] }) => {
      const all = [preferredVersion?.version, ...versions.map(({ version }) => version)];
      return [name, [...new Set(all)].filter((version) => version !== undefined)];
    }),
  );
}
