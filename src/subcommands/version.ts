import { buildInfo } from '../output/build.ts';
import { UsageError } from '../output/errors.ts';
import { writeLine } from '../output/io.ts';
import { printData } from '../output/printer.ts';
import { defineCommand } from './command.ts';

/** `kubectl ir version`: what this program is, on one line or as data. */
export const command = defineCommand({
  flags: { output: { type: 'string', short: 'o', summary: 'output format', choices: ['json', 'yaml'] } },
  complete: (words, flags) => {
    if (words.length > 0) throw new UsageError('version takes no arguments');
    return flags.output;
  },
  run: async (format, { io }) => {
    const build = buildInfo();
    if (format === 'json' || format === 'yaml') {
      await printData(io, { apiVersion: 'kubectl-ir/v1', kind: 'Version', ...build }, format);
    } else {
      const commit = build.commit === undefined ? '' : `, commit ${build.commit}`;
      await writeLine(
        io.stdout,
        `kubectl-ir ${build.version}${commit}, node ${build.node}, ${build.platform}`,
      );
    }
    return 0;
  },
});
