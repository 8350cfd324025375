import { type Finding, lineAt, type SourceFile } from './finding.ts';

/** Put together here, so that this file does not hold what it looks for. */
const top = ['', 'work', ''].join('/');
const patterns = [
  { pattern: new RegExp(`(?<![\\w.})*/-])${top}`, 'g'), text: 'a path of one machine' },
  { pattern: /https?:\/\/(?:registry|proxy|mirror|sum)\.[\w.-]+/g, text: 'a package registry' },
] as const;

/** Paths of the machine it was written on and addresses of package registries, in any text file of the project. */
export function placeFindings(file: SourceFile): Finding[] {
  return patterns.flatMap(({ pattern, text }) =>
    Array.from(file.text.matchAll(pattern), ({ 0: match, index }) => ({
      path: file.path,
      line: lineAt(file.text, index),
      rule: 'places',
      text: `${match}: ${text} does not belong here`,
    })),
  );
}
