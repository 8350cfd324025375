import { type Indicator, indicatorOf } from './indicator.ts';

/** Of a command line; what is behind it may be anything. */
const mostBytes = 64 * 1024;
/** Of one command line: whoever writes it chooses what is looked for. */
const mostHosts = 16;

/**
 * `SCHEME://[USER@]HOST[:PORT]` and a sign that ends it (RFC 3986, 3.2). What programs read differently, such as a backslash, is
 * left out; so are names that a shell has still to expand.
 */
const authority =
  /\b[a-z][a-z0-9+.-]{1,20}:\/\/(?:[^\s/?#'"\\]*@)?(\[[0-9a-f:.]{2,45}\]|[a-z0-9._-]{1,253})(?::([0-9]{1,5}))?(?=[/?#\s'"`|;&)<>,]|$)/gi;

/** Names that each cluster and each machine gives to something of its own (RFC 6761, RFC 6762, and the DNS of Kubernetes). */
const everywhere = /(?:^|\.)(?:svc|svc\..+|cluster\.local|local|localhost|localdomain|internal)$/;

/**
 * The hosts of the URLs in a command line, as domains and addresses to look for. A name alone is none: `run.py` and `app.conf`
 * look the same.
 */
export function hostsOf(words: readonly Buffer[], from: string): Indicator[] {
  const text = Buffer.concat(words.flatMap((word) => [word, Buffer.from(' ')]))
    .subarray(0, mostBytes)
    .toString('latin1');
  const found: Indicator[] = [];
  for (const [, host = '', port] of text.matchAll(authority)) {
    const address = indicatorOf('address', port === undefined ? host : `${host}:${port}`, from);
    const one = typeof address === 'string' ? indicatorOf('domain', host, from) : address;
    if (typeof one === 'string' || (one.type === 'domain' && everywhere.test(one.value))) continue;
    found.push(one);
    if (found.length === mostHosts) break;
  }
  return found;
}
