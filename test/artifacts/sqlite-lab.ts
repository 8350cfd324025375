import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** The bytes of a database that SQLite itself made; with `wal`, of one whose changes are still in its log. */
export function sqliteFile(
  fill: (database: DatabaseSync) => void,
  { wal = false } = {},
): { readonly file: Buffer; readonly wal: Buffer } {
  const dir = mkdtempSync(join(tmpdir(), 'sqlite-'));
  try {
    const path = join(dir, 'x.db');
    const database = new DatabaseSync(path);
    // Nothing of it has to outlive the machine.
    database.exec('PRAGMA synchronous=OFF');
    if (wal) database.exec('PRAGMA page_size=1024; PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0;');
    fill(database);
    const log = wal ? readFileSync(`${path}-wal`) : Buffer.alloc(0);
    const file = readFileSync(path);
    database.close();
    return { file, wal: log };
  } finally {
    rmSync(dir, { recursive: true });
  }
}
