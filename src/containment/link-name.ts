/** A name that the kernel takes for a link (IFNAMSIZ 16) and that is plain in every language it gets into. */
export function isLinkName(name: string): boolean {
  return /^[a-zA-Z0-9_.-]{1,15}$/.test(name);
}

/** A hardware address of 48 bits, as `ip` prints it. */
export function isMac(text: string): boolean {
  return /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(text);
}
