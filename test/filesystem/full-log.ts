import { ChangeLog } from '../../src/filesystem/change-log.ts';
import { WalkReader } from '../../src/filesystem/walk-reader.ts';
import { WalkSink } from '../../src/filesystem/walk-sink.ts';
import { MemorySink } from '../collector/local-node.ts';
import { failureOf } from '../support/failure.ts';
import { token, walkText } from './walk-outputs.ts';

/**
 * `full-log.ts DIRECTORY`: run by change-log.test.ts on a disk that is soon full. Judges a walk with more changes than fit there; prints,
 * as JSON, why the walk is not whole, and the errors of writing and reading the log afterwards.
 */
const [directory = ''] = process.argv.slice(2);
const log = await ChangeLog.open(directory);
const change = (path: string) => ({ path, change: 'added', type: 'file', flags: [] }) as const;
const reader = new WalkReader(token, {
  upper: () => undefined,
  batch: async ({ paths }) => {
    for (const path of paths) for (let i = 0; i < 4096; i += 1) await log.append(change(`${path}/${i}`));
  },
  complaints: () => undefined,
});
const sink = new WalkSink(new MemorySink(), reader);
const text = walkText({ upper: [], image: [], container: [{ path: '/a' }] });
await sink.begin({
  sequence: 1,
  artifact: 'container-diff',
  name: Buffer.from('x/diff/walk.txt'),
  type: 'file',
});
await sink.write(Buffer.from(text, 'latin1'));
await sink.end({ outcome: 'ok', length: text.length });
const later = [
  log.append(change('/late')),
  log.replace(0, change('/other')),
  log.read(0),
  log[Symbol.asyncIterator]().next(),
];
const errors: string[] = [];
for (const one of later) {
  const { name, message } = await failureOf(one);
  errors.push(`${name}: ${message}`);
}
await log.close();
process.stdout.write(JSON.stringify({ why: sink.blind.map(({ why }) => why), errors }));
