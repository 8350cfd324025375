import { markup, type Markup } from './markup.ts';

/** Width of every picture, in its own units. */
export const width = 760;

/** A picture of a height; title and description are what a screen reader says of it (SVG 2, 5.7). */
export function svg(
  { title, description }: { readonly title: string; readonly description: string },
  height: number,
  content: readonly Markup[],
): Markup {
  return markup`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}" xmlns="http://www.w3.org/2000/svg"><title>${title}</title><desc>${description}</desc>${content}</svg>`;
}
