/** What the operating system and the runtime tell the program from outside. */
export interface Signals {
  /** Calls `listener` for each SIGINT, SIGTERM and SIGHUP. Returns what ends that. */
  onInterrupt(listener: (signal: string) => void): () => void;
  /** Calls `listener` for each error that nothing caught. Returns what ends that. */
  onCrash(listener: (error: unknown) => void): () => void;
  /** Ends the process at once. */
  exitNow(code: number): void;
}

const interrupts = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const crashes = ['uncaughtException', 'unhandledRejection'] as const;

/** The signals of the running process; `exitNow` ends it. */
export function processSignals(exitNow: (code: number) => void): Signals {
  return {
    onInterrupt: (listener) => {
      for (const name of interrupts) process.on(name, listener);
      return () => {
        for (const name of interrupts) process.off(name, listener);
      };
    },
    onCrash: (listener) => {
      for (const name of crashes) process.on(name, listener);
      return () => {
        for (const name of crashes) process.off(name, listener);
      };
    },
    exitNow,
  };
}
