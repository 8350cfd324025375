import { type MemoryIo, memoryIo } from './memory-io.ts';

/** An Io on which any time that is waited for is over at once, and has gone by on its clock. */
export function hurriedIo(): MemoryIo {
  let clock = 0;
  return memoryIo({
    monotonic: () => clock,
    sleep: async (ms) => {
      await Promise.resolve();
      clock += ms;
    },
  });
}
