/** The part of bcrypt-pbkdf that is used; the package has no types of its own. */
declare module 'bcrypt-pbkdf' {
  /** Fills `key` (bcrypt_pbkdf(3) of OpenBSD). Returns 0, or -1 when a length or the rounds are out of range. */
  export function pbkdf(
    passphrase: Uint8Array,
    passphraseLength: number,
    salt: Uint8Array,
    saltLength: number,
    key: Uint8Array,
    keyLength: number,
    rounds: number,
  ): number;
}
