import { nearestName } from '../../../cluster/nearest.ts';
import { messagePlaceholders, unknownPlaceholders } from '../message.ts';
import type { Plan } from '../plan.ts';
import { placeholders, placeholdersOf, splitLine } from '../run-line.ts';
import type { KnownCommand, Surroundings, Weakness } from './weakness.ts';

/** Steps of playbooks that could not be run: no such command, flag or value, or nothing that fills a placeholder in. */
export function checkPlaybooks({ playbooks }: Plan, { commands }: Surroundings): Weakness[] {
  return playbooks.flatMap(({ id, steps }) =>
    steps.flatMap(({ id: step, run }): Weakness[] => {
      if (run === undefined) return [];
      const path = ['playbooks', id, 'steps', step, 'run'];
      const unknown = placeholdersOf(run).find((name) => !placeholders.some((known) => known === name));
      if (unknown !== undefined) {
        const message = `nothing fills in {{${unknown}}}; there are ${placeholders.map((name) => `{{${name}}}`).join(', ')}`;
        return [{ path, rule: 'unknown-placeholder', message, severity: 'error' }];
      }
      const message = lineProblem(run, commands);
      return message === undefined ? [] : [{ path, rule: 'cannot-run', message, severity: 'error' }];
    }),
  );
}

/** What the message to the webhook would leave standing between braces. */
export function checkTemplate({ webhook }: Plan): Weakness[] {
  return unknownPlaceholders(webhook?.template ?? '').map((name) => ({
    path: ['webhook', 'template'],
    rule: 'unknown-placeholder',
    message: `nothing fills in {{${name}}}; there are ${messagePlaceholders.map((known) => `{{${known}}}`).join(', ')}`,
    severity: 'error',
  }));
}

/** What hinders a line from being run by one of the commands, or undefined. */
export function lineProblem(line: string, commands: readonly KnownCommand[]): string | undefined {
  const words = splitLine(line);
  if (words === undefined) return 'a quote is not closed';
  if (words[0] === 'kubectl' && words[1] === 'ir')
    return 'begins with kubectl ir, which is put before it anyway; leave that out';
  const command = commands.find((one) => one.words.every((word, i) => words[i] === word));
  if (command === undefined) return unknownCommand(words, commands);
  const shell = words.find((word) => /^(?:[|&;<>]+|[0-9]?>.*)$/.test(word));
  if (shell !== undefined)
    return `no shell sees this line, so ${shell} does nothing; make it steps of their own`;
  return flagProblem(words.slice(command.words.length), command);
}

function unknownCommand(words: readonly string[], commands: readonly KnownCommand[]): string {
  const [first = '', second = ''] = words;
  const below = commands.filter((one) => one.words[0] === first);
  const wanted = below.length > 0 ? `${first} ${second}`.trim() : first;
  const names =
    below.length > 0
      ? below.map((one) => one.words.join(' '))
      : [...new Set(commands.map((one) => one.words[0] ?? ''))];
  const near = nearestName(wanted, names);
  const what = `there is no command "kubectl ir ${wanted}"`;
  if (near !== undefined) return `${what}; nearest: kubectl ir ${near}`;
  return below.length > 0
    ? `${what}; there is: ${names.map((name) => `kubectl ir ${name}`).join(', ')}`
    : `${what}; what other programs do is a text step`;
}

function flagProblem(words: readonly string[], { words: name, flags }: KnownCommand): string | undefined {
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i] ?? '';
    if (word === '--') return undefined;
    if (!/^-./.test(word)) continue;
    const [typed, attached] = halves(word);
    const long = typed.startsWith('--')
      ? typed.slice(2)
      : Object.keys(flags).find((one) => flags[one]?.short === typed.slice(1));
    const flag = long !== undefined && Object.hasOwn(flags, long) ? flags[long] : undefined;
    if (flag === undefined) {
      const near = typed.startsWith('--') ? nearestName(typed.slice(2), Object.keys(flags)) : undefined;
      return `kubectl ir ${name.join(' ')} has no flag ${typed}${near === undefined ? '' : `; nearest: --${near}`}`;
    }
    if (flag.type === 'boolean') continue;
    if (attached === undefined) i += 1;
    const value = attached ?? words[i];
    if (value === undefined) return `${typed} needs a value`;
    if (flag.choices?.includes(value) === false && placeholdersOf(value).length === 0)
      return `"${value}" is no value of ${typed}: it is one of ${flag.choices.join(', ')}`;
  }
  return undefined;
}

/** `--name=value`, `-nvalue` and `-n=value` as flag and value. */
function halves(word: string): [string, string | undefined] {
  if (!word.startsWith('--'))
    return [word.slice(0, 2), word.length > 2 ? word.slice(2).replace(/^=/, '') : undefined];
  const at = word.indexOf('=');
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}
