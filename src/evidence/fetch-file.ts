import { isOutside } from './manifest.ts';

/** fetch.txt of a bag (RFC 8493, 2.2.3): what is to be fetched before the bag is whole. Nothing is ever fetched here. */
export interface FetchFile {
  readonly paths: ReadonlySet<string>;
  readonly problems: readonly string[];
}

/** Reads lines of `URL LENGTH PATH`; a path that leads out of the bag or an address that is none is a problem. */
export function parseFetch(text: string): FetchFile {
  const paths = new Set<string>();
  const problems: string[] = [];
  for (const [at, line] of text.split(/\r\n|\n|\r/).entries()) {
    if (line.trim() === '') continue;
    const [, url = '', path] = /^(\S+)[ \t]+(?:\d+|-)[ \t]+(\S.*)$/.exec(line.trimEnd()) ?? [];
    if (path === undefined) problems.push(`line ${at + 1} is no address, length and path`);
    else if (isOutside(path)) problems.push(`line ${at + 1} names a path outside: ${path}`);
    else if (!isAddress(url)) problems.push(`line ${at + 1} has no address that can be one: ${url}`);
    else paths.add(path);
  }
  return { paths, problems };
}

function isAddress(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, host } = new URL(url);
  return host !== '' || protocol === 'file:';
}
