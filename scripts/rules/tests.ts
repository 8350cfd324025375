import type { Finding, SourceFile } from './finding.ts';
import { hasNothingToRun } from './text.ts';

/** Where the test of a source file stands: the same tree, except that `test/cluster` is the test cluster and one test goes over the whole registry. */
export function testPathOf(path: string): string {
  return path
    .replace(/^src\/cluster\//, 'test/src-cluster/')
    .replace(/^src\/registry\/.*/, 'src/registry.ts')
    .replace(/^src\//, 'test/')
    .replace(/\.ts$/, '.test.ts');
}

/** Source files without a test beside them in the tree; files of types and constants need none. */
export function testFindings(files: readonly SourceFile[]): Finding[] {
  const paths = new Set(files.map(({ path }) => path));
  return files
    .filter(({ path }) => path.startsWith('src/') && path.endsWith('.ts') && !paths.has(testPathOf(path)))
    .filter((file) => !hasNothingToRun(file))
    .map(({ path }) => ({ path, line: 1, rule: 'test', text: `there is no ${testPathOf(path)}` }));
}
