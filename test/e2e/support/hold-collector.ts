import { connect } from '../../../src/cluster/connect.ts';
import { withCollector } from '../../../src/collector/lifecycle.ts';
import { processIo, writeLine } from '../../../src/output/io.ts';

/*
 * Started by a test to be killed: starts a collector on a node, has it send without end, takes that slowly, and prints
 * one line when it flows. Arguments: NODE NAMESPACE IMAGE.
 */
const [node = '', namespace = '', image = ''] = process.argv.slice(2);
const io = processIo();
const { signal } = new AbortController();
const api = await connect(io, {});
await withCollector(api, io, { node, namespace, image, signal }, async (collector) => {
  let bytes = 0;
  const sink = {
    begin: (): Promise<void> => Promise.resolve(),
    write: async (chunk: Buffer): Promise<void> => {
      if (bytes === 0) await writeLine(io.stdout, `flows from ${collector.identity.pod}`);
      bytes += chunk.length;
      await io.sleep(200, signal);
    },
    end: (): Promise<void> => Promise.resolve(),
  };
  const endless = {
    name: 'endless',
    text: 'IR_CAP=1000000000000; frame_output test endless -- yes held-by-a-test',
  };
  await collector.collect(endless, [], sink, signal);
});
