/** Words that make a name that of a secret, alone or as a part of it. */
const words =
  /passw(?:or)?d|passphrase|(?:^|[^a-z])pwd(?:$|[^a-z])|secret|token|credential|api[_.-]?key|access[_.-]?key|private[_.-]?key|key[_.-]data|auth(?:orization)?$|signature$|session[_.-]?id|cookie/i;

/** What only names a secret: `secretName`, `--token-file`. */
const pointers = /(?:names?|file|path|refs?)$/i;

/** True for the name of a variable, flag or field that holds a password, key or token: `DB_PASSWORD`, `--api-key`. */
export function isSecretName(name: string): boolean {
  const end = name.slice(-128);
  return words.test(end) && !pointers.test(end);
}
