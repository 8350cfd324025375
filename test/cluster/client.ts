import { join } from 'node:path';
import { expect } from 'chai';
import { processIo } from '../../src/output/io.ts';
import { layoutOf } from './layout.ts';
import { attempt, type Outcome, run } from './run.ts';

const { env } = processIo();

/** The cluster under test. */
export const layout = layoutOf(env);
export const main = join(import.meta.dirname, 'main.ts');

export function cluster(args: readonly string[], more: Record<string, string> = {}): Promise<Outcome> {
  return attempt(process.execPath, [main, ...args], { env: { ...env, ...more } });
}

export async function succeed(...args: string[]): Promise<string> {
  const outcome = await cluster(args);
  expect(outcome.code, outcome.stderr).to.equal(0);
  return outcome.stdout + outcome.stderr;
}

export function kubectl(args: readonly string[], input = ''): Promise<string> {
  return run(join(layout.bin, 'kubectl'), ['--kubeconfig', layout.kubeconfig, ...args], { input });
}

/** Runs a line of shell on a node and returns what it printed; its exit code does not matter. */
export async function onNode(node: string, line: string): Promise<string> {
  return (await cluster(['shell', node, 'sh', '-c', line])).stdout;
}

export function pod(name: string, node: string, image: string, command: string[] | undefined): object {
  const container = { name: 'c', image, ...(command === undefined ? {} : { command }) };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { app: name } },
    spec: { nodeName: node, terminationGracePeriodSeconds: 0, containers: [container] },
  };
}
