import { commands, paragraph, type Section } from '../document.ts';
import type { Report } from '../report.ts';

/** The change that brought it about. */
export function originSection({ case: { name } }: Report): Section {
  return {
    id: 'origin',
    title: 'The change that brought it about',
    blocks: [
      paragraph(
        'Not looked for in this report. What was changed in the cluster before it began is shown by:',
      ),
      commands([`kubectl ir changes ${name}`]),
    ],
  };
}
