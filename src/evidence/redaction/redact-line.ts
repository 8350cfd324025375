import type { Placeholders } from './placeholder.ts';
import { isSecretName } from './secret-name.ts';

/*
 * Patterns are bounded in length, since the lines are an attacker's to choose: none may take more than linear time.
 * Lines are strings of bytes (latin1), so that nothing else of them changes.
 */

/** Values that are secrets by their form, wherever they stand; the first group stays. */
const forms: readonly RegExp[] = [
  // JSON Web Token (RFC 7519): three parts in base64url, the first a JSON object
  /()\beyJ[\w-]{10,4096}\.[\w-]{4,8192}\.[\w-]{0,2048}/g,
  // Access keys of AWS, and what other services mark as theirs
  /()\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /()\b(?:gh[pousr]_|github_pat_|glpat-|xox[abeprs]-|sk_live_|sk-|npm_|hvs\.|dop_v1_)[\w-]{16,256}/g,
  /()\bAIza[\w-]{35}/g,
  // Authorization: Basic and Bearer (RFC 9110, 11.6.2)
  /(\b(?:basic|bearer|token)[ \t]{1,4})[\w.~+/=-]{8,8192}/gi,
  // Password in the authority of a URL (RFC 3986, 3.2.1)
  /(:\/\/[^\s/:@"']{0,128}:)[^\s/@"']{1,256}(?=@)/g,
  // Name and password of curl and wget: no user and group by their numbers
  /((?:^|[ \t])(?:-u|--user|--proxy-user)[ \t=]{1,4}["']?[^\s:"']{1,128}:)(?!\d{1,10}(?:\s|$))[^\s"']{1,256}/g,
  // A private key in one line, its newlines written as \n
  /(-----BEGIN [A-Z ]{0,32}PRIVATE KEY-----)[^-]{1,16384}/g,
];

/**
 * What may stand between a name and its value: `name = value`, `"name": "value"`, `\"name\":\"value\"`; a blank, where the name is
 * that of an option.
 */
const separator = /\\{0,8}["']?[ \t]{0,4}[:=][ \t]{0,4}|(?<=(?:^|[ \t])--?[\w.-]{1,128})[ \t]{1,4}(?!-)/g;
const nameBefore = /[\w.-]{1,128}$/;
const longestName = 128;
/** A quoted value, one within a quoted text, or one up to the next blank or separator. */
const value =
  /"((?:[^"\\]|\\.){1,8192})"|'([^']{1,8192})'|(?<escape>\\{1,8})"(.{1,8192}?)(?<!\\)\k<escape>"|([^\s,;&"'{}[\]]{1,8192})/y;
/** Values that name no secret. */
const harmless = /^(?:true|false|null|none|yes|no|\d{1,3}|\[redacted:[0-9a-f]{16}\])$/i;

/** A line with its secrets replaced. */
export function redactLine(line: string, placeholders: Placeholders): string {
  const replace = (text: string): string => placeholders.of(Buffer.from(text, 'latin1'));
  const named = redactNamed(line, replace);
  return forms.reduce(
    (text, form) =>
      text.replace(form, (match: string, kept: string) => kept + replace(match.slice(kept.length))),
    named,
  );
}

/** Replaces the values whose names say that they are secrets. */
function redactNamed(line: string, replace: (text: string) => string): string {
  let done = '';
  let from = 0;
  for (const match of line.matchAll(separator)) {
    if (match.index < from) continue;
    const name = nameBefore.exec(line.slice(Math.max(from, match.index - longestName), match.index))?.[0];
    if (name === undefined || !isSecretName(name)) continue;
    value.lastIndex = match.index + match[0].length;
    const found = value.exec(line);
    const text = found?.[1] ?? found?.[2] ?? found?.[4] ?? found?.[5];
    if (found === null || text === undefined || harmless.test(text)) continue;
    // A scheme before the value is the value's form to know: `Authorization: Bearer …`.
    if (/^(?:basic|bearer|token)$/i.test(text)) continue;
    const start = found.index + found[0].indexOf(text);
    done += line.slice(from, start) + replace(text);
    from = start + text.length;
  }
  return done + line.slice(from);
}
