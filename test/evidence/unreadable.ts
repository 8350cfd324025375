import { mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One way in which the acquisition in a directory can't be read any more. */
export interface Unreadable {
  readonly what: string;
  readonly harm: (place: string) => Promise<unknown>;
  /** What is said of it, behind its directory. */
  readonly reason: string;
  /** It may be whole: it is no damage. */
  readonly mayBeWhole?: boolean;
}

const record = 'acquisition.json';

/**
 * For a case in a directory below the sandbox: what links lead to lies beside the case. Where a right is lacking is in
 * subcommands/denied.test.ts, as whoever runs these tests may read everything.
 */
export const unreadables: readonly Unreadable[] = [
  {
    what: 'without its record',
    harm: (place: string): Promise<void> => rm(join(place, record)),
    reason: 'is no acquisition of a case: it has no acquisition.json',
  },
  {
    what: 'with a record that is no JSON',
    harm: (place: string): Promise<void> =>
      writeFile(join(place, record), '{"apiVersion": "kubectl-ir/v1", "kind": "Acquis'),
    reason: 'acquisition.json is no record of an acquisition',
  },
  {
    what: 'of a newer version',
    harm: async (place: string): Promise<void> => {
      const text = await readFile(join(place, record), 'utf8');
      await writeFile(join(place, record), text.replace('kubectl-ir/v1', 'kubectl-ir/v2'));
    },
    reason: 'acquisition.json was written by a newer kubectl ir (kubectl-ir/v2)',
    mayBeWhole: true,
  },
  {
    what: 'with a link in its place',
    harm: async (place: string): Promise<void> => {
      const elsewhere = join(place, '../../../../elsewhere');
      await rename(place, elsewhere);
      await symlink(elsewhere, place);
    },
    reason: 'is a link, which no acquisition has',
  },
  {
    what: 'with a link in place of its record',
    harm: async (place: string): Promise<void> => {
      const elsewhere = join(place, '../../../../elsewhere.json');
      await rename(join(place, record), elsewhere);
      await symlink(elsewhere, join(place, record));
    },
    reason: 'acquisition.json is a link, which no acquisition has',
  },
  {
    what: 'with a directory in place of its record',
    harm: async (place: string): Promise<void> => {
      await rm(join(place, record));
      await mkdir(join(place, record));
    },
    reason: "acquisition.json can't be read (EISDIR)",
  },
];
