import type { RunnableCommand } from '../subcommands/command.ts';

/** One command as help, plugin.yaml and the command line know it. Its code is only loaded when it is used. */
export interface RegistryEntry {
  /** As typed after `kubectl ir`. */
  readonly words: readonly string[];
  readonly group: 'Contain' | 'Collect' | 'Understand' | 'Preserve' | 'Organise' | 'Set up';
  /** One line without a full stop. */
  readonly summary: string;
  /** What follows the words in the usage line. */
  readonly usage: string;
  /** Paragraphs, each wrapped by hand to fit 120 columns. */
  readonly about: readonly string[];
  /** Comment and command line, without `kubectl ir`. */
  readonly examples: readonly (readonly [comment: string, line: string])[];
  /** Only when they differ from those of other commands. */
  readonly exitCodes?: string;
  load(): Promise<{ readonly command: RunnableCommand }>;
}
