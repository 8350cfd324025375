import ts from 'typescript';
import type { SourceFile } from './finding.ts';

const parsed = new WeakMap<SourceFile, ts.SourceFile>();

/** The syntax of a file of TypeScript, which is read once however many rules look at it. */
export function parsedOf(file: SourceFile): ts.SourceFile {
  const source = parsed.get(file) ?? ts.createSourceFile(file.path, file.text, ts.ScriptTarget.ESNext);
  parsed.set(file, source);
  return source;
}
