import { processIo } from '../../src/output/io.ts';

/**
 * How much the end-to-end tests do of what could go wrong at any moment or at any size: what `npm test` does, and what
 * `npm run long` does. The variable says another number for either.
 */
const amounts = {
  /** Connections cut at a random byte. */
  cuts: { variable: 'KUBECTL_IR_TEST_CUTS', usual: 100, long: 1000 },
  /** SIGINTs at a random moment, for each command. */
  interrupts: { variable: 'KUBECTL_IR_TEST_INTERRUPTS', usual: 3, long: 40 },
  /** The same for each command on several pods or nodes, or with a freeze or a watch. */
  fewInterrupts: { variable: 'KUBECTL_IR_TEST_FEW_INTERRUPTS', usual: 1, long: 10 },
  /** SIGKILLs at a random moment, for each of acquire, seal, archive and two ways of upload. */
  caseKills: { variable: 'KUBECTL_IR_TEST_CASE_KILLS', usual: 4, long: 50 },
  /** MiB of a case that is archived, uploaded and verified. */
  caseMebibytes: { variable: 'KUBECTL_IR_TEST_CASE_MEBIBYTES', usual: 100, long: 5120 },
  /** MiB of a case that is sealed, archived and verified within 200 MB of memory. */
  largeCaseMebibytes: { variable: 'KUBECTL_IR_TEST_LARGE_CASE_MEBIBYTES', usual: 512, long: 20_480 },
  /** SIGKILLs of the client of an isolation at a random moment. */
  kills: { variable: 'KUBECTL_IR_TEST_KILLS', usual: 6, long: 20 },
  /** SIGKILLs of the client of a snapshot at a random moment. */
  snapshotKills: { variable: 'KUBECTL_IR_TEST_SNAPSHOT_KILLS', usual: 2, long: 10 },
  /** Isolations at each level, on both nodes. */
  proofs: { variable: 'KUBECTL_IR_TEST_PROOFS', usual: 1, long: 20 },
  /** Diffs of a container in which a program writes on. */
  looks: { variable: 'KUBECTL_IR_TEST_LOOKS', usual: 20, long: 100 },
  /** Files of an image that a container is compared with; a multiple of 1,000. */
  imageFiles: { variable: 'KUBECTL_IR_TEST_IMAGE_FILES', usual: 50_000, long: 500_000 },
  /** Random sequences of operations on a container's files, each against the oracle. */
  sequences: { variable: 'KUBECTL_IR_TEST_SEQUENCES', usual: 50, long: 500 },
  /** Entries of a container's writable layer. */
  entries: { variable: 'KUBECTL_IR_TEST_ENTRIES', usual: 5_000, long: 1_000_000 },
  /** Days of a rota that are compared with a model minute by minute, in each of 14 time zones; long is three years. */
  rotaDays: { variable: 'KUBECTL_IR_TEST_ROTA_DAYS', usual: 45, long: 1096 },
  /** Random rotas that are compared in each of them. */
  rotas: { variable: 'KUBECTL_IR_TEST_ROTAS', usual: 5, long: 20 },
  /** Plans that are the example with random edits. */
  editedPlans: { variable: 'KUBECTL_IR_TEST_EDITED_PLANS', usual: 20, long: 3000 },
  /** MiB of logs of a node that a snapshot takes. */
  logMebibytes: { variable: 'KUBECTL_IR_TEST_LOG_MEBIBYTES', usual: 256, long: 5120 },
  /** GiB read through one exec. */
  gibibytes: { variable: 'KUBECTL_IR_TEST_GIBIBYTES', usual: 1, long: 8 },
} as const;

const { env } = processIo();

/** How much a test is to do. */
export function amountOf(name: keyof typeof amounts): number {
  const { variable, usual } = amounts[name];
  const text = env[variable] ?? String(usual);
  if (!/^[1-9]\d*$/.test(text)) throw new Error(`${variable} is no number above 0: ${text}`);
  return Number(text);
}

/** Environment in which tests do as much as `npm run long` wants; a variable that is set already stays. */
export function longEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.values(amounts).map(({ variable, long }) => [variable, env[variable] ?? String(long)]),
  );
}
