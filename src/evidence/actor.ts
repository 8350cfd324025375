import { hostname, userInfo } from 'node:os';

/** Who did something: identity at the API server (empty while unknown), local user, host. */
export interface Actor {
  readonly api: string;
  readonly user: string;
  readonly host: string;
}

/** Who runs this program on the responder's machine, as its operating system says. */
export function localActor(): Actor {
  return { api: '', user: localUser(), host: hostname() };
}

/** The user's name; a uid without a passwd entry has none, then `uid-N`. */
function localUser(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid-${process.getuid?.() ?? 'unknown'}`;
  }
}
