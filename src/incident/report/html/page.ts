import type { Document, Section } from '../document.ts';
import { blockMarkup, factsMarkup } from './block.ts';
import { markup } from './markup.ts';
import { styleSheet } from './style.ts';

/**
 * A document as one HTML file, piece by piece: no script, nothing from elsewhere, which its Content-Security-Policy (CSP
 * Level 3) also forbids.
 */
export function* htmlPage({ title, subtitle, facts, sections }: Document): Generator<string, void> {
  const { element, policy } = styleSheet();
  yield markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}: ${subtitle}</title>
${element}
</head>
<body>
<header>
<h1>${title}</h1>
<p class="case">${subtitle}</p>
${factsMarkup(facts)}
<nav aria-label="Sections"><ul>${sections.map(({ id, title: name }) => markup`<li><a href="#${id}">${name}</a></li>`)}</ul></nav>
</header>
<main>
`.toString();
  for (const section of sections) yield* sectionPieces(section);
  yield markup`</main>
<footer><p>All times are UTC. Text of the evidence is shown with characters that cannot be seen as \\xNN.</p></footer>
</body>
</html>
`.toString();
}

function* sectionPieces({ id, title, blocks }: Section): Generator<string, void> {
  yield markup`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
`.toString();
  for (const block of blocks) yield `${blockMarkup(block).toString()}\n`;
  yield '</section>\n';
}
