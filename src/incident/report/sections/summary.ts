import { type Block, heading, list, paragraph, type Section } from '../document.ts';
import type { Report } from '../report.ts';
import { verdictTones } from '../words.ts';

/** What a manager has to know, on half a page. */
export function summarySection({ summary }: Report): Section {
  const { verdict, contained, happened, since, unknown } = summary;
  const blocks: Block[] = [
    { kind: 'verdict', word: verdict, tone: verdictTones[verdict], text: contained },
    heading('What happened'),
    list(happened),
    paragraph(since),
    heading('What is not known'),
    list(unknown),
  ];
  return { id: 'summary', title: 'Summary', blocks };
}
