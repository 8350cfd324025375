/** Bytes and characters of a plan's text; one of some hundred people has 100 KiB. */
export const largestText = 1024 * 1024;
