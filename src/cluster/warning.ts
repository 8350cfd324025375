/**
 * Texts of `Warning:` headers (RFC 9111 section 5.5: `299 - "text"`, several separated by commas, quotes and
 * backslashes escaped). What does not parse is left out. The texts are hostile, and not escaped here.
 */
export function parseWarnings(header: string | readonly string[] | undefined): readonly string[] {
  const text = typeof header === 'string' ? header : (header ?? []).join(', ');
  return Array.from(text.matchAll(/(?:^|,)\s*\d{3} \S+ "((?:[^"\\]|\\.)*)"/g), (match) =>
    (match[1] ?? '').replace(/\\(.)/g, '$1'),
  );
}
