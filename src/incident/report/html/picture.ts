import type { Figure } from '../figure.ts';
import { lanesSvg } from './lanes-svg.ts';
import { markup, type Markup } from './markup.ts';
import { matrixSvg } from './matrix-svg.ts';
import { relationsSvg } from './relations-svg.ts';
import { stripsSvg } from './strips-svg.ts';

/** A figure with its caption. What is in it is said in words by its description. */
export function pictureOf(figure: Figure): Markup {
  return markup`<figure><figcaption>${figure.title}</figcaption><div class="picture" tabindex="0" role="group" aria-label="${figure.title}">${svgOf(figure)}</div></figure>`;
}

function svgOf(figure: Figure): Markup {
  switch (figure.kind) {
    case 'strips':
      return stripsSvg(figure);
    case 'lanes':
      return lanesSvg(figure);
    case 'relations':
      return relationsSvg(figure);
    case 'matrix':
      return matrixSvg(figure);
  }
}
