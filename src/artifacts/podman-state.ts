import { OperationError } from '../output/errors.ts';
import { openBolt } from './bolt.ts';
import type { ContainerRecord } from './container-record.ts';
import { runtimeTime } from './container-record.ts';
import { isStorageId } from './containers-storage.ts';
import {
  booleanOf,
  jsonObject,
  type JsonObject,
  labelsOf,
  numberOf,
  objectOf,
  textOf,
  textsOf,
} from './json.ts';
import type { Malformed } from './lines.ts';
import { present } from './present.ts';
import type { RandomAccess } from './random-access.ts';
import { SqliteDatabase } from './sqlite.ts';

/** A database of bbolt is read whole; podman's has some 30 KiB for each container. */
const longestDatabase = 64 * 1024 * 1024;

/**
 * The containers of podman's database up to 4.7, and of installations from then, bolt_state.db: podman, libpod/boltdb_state_internal.go.
 * What podman noted last; of one whose monitor was killed that is no longer so.
 */
export function* parsePodmanBolt(file: RandomAccess): Generator<ContainerRecord | Malformed> {
  if (file.size > longestDatabase) {
    yield { malformed: 'the database of podman is longer than any real one', offset: 0 };
    return;
  }
  try {
    const root = openBolt(file.read(0, file.size));
    // Buckets may share their pages, so a small file could hold endless ones.
    let budget = 4 * file.size;
    for (const { key, bucket } of root.bucket('ctr')?.buckets() ?? []) {
      const read: { config?: Buffer; state?: Buffer } = {};
      for (const entry of bucket.entries()) {
        const name = entry.key.toString('latin1', 0, 16);
        const wanted = !entry.bucket && (name === 'config' || name === 'state');
        budget -= 16 + (wanted ? entry.value.length : 0);
        if (budget < 0) throw new OperationError('its buckets hold more than the file does');
        if (wanted) read[name] = entry.value;
      }
      yield containerOf(key.toString('latin1'), read.config, read.state);
    }
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    yield { malformed: 'the database of podman is damaged', offset: 0 };
  }
}

/** The same of db.sql, its database since 4.8: podman, libpod/sqlite_state_internal.go. */
export function* parsePodmanSqlite(
  file: RandomAccess,
  wal?: RandomAccess,
): Generator<ContainerRecord | Malformed> {
  const database = SqliteDatabase.open(file, wal);
  if (database === undefined) {
    yield { malformed: 'no database', offset: 0 };
    return;
  }
  const states = new Map<unknown, unknown>();
  for (const row of database.rows('ContainerState')) states.set(row.get('id'), row.get('json'));
  for (const row of database.rows('ContainerConfig')) {
    const id = row.get('id');
    const [config, state] = [row.get('json'), states.get(id)].map(textOf);
    yield containerOf(textOf(id) ?? '', config, state);
  }
  yield* database.leftOut();
}

/** In docker's words; podman's are those of libpod/define/containerstate.go: configured, created, running, stopped, … */
const states = [
  ...[undefined, 'created', 'created', 'running', 'exited'],
  ...['paused', 'exited', 'removing', 'running'],
] as const;

/** libpod/container_config.go and the state in libpod/container.go; the second is missing for one that podman has none of. */
function containerOf(
  id: string,
  configText: Buffer | string = '',
  stateText: Buffer | string = '',
): ContainerRecord | Malformed {
  const config = jsonObject(configText);
  if (!isStorageId(id) || config === undefined || config['id'] !== id)
    return { malformed: 'no container of podman', offset: 0 };
  const args = textsOf(objectOf(objectOf(config['spec'])?.['process'])?.['args']);
  return {
    id,
    runtime: 'podman',
    ...present({
      name: textOf(config['name']),
      image: textOf(config['rootfsImageName']),
      imageId: textOf(config['rootfsImageID']),
      created: runtimeTime(textOf(config['createdTime'])),
      args: args.length === 0 ? undefined : args,
      logPath: textOf(config['logPath']),
      labels: config['labels'] === undefined ? undefined : labelsOf(config['labels']),
      privileged: booleanOf(config['privileged']),
    }),
    ...stateOf(jsonObject(stateText) ?? {}),
  };
}

function stateOf(record: JsonObject): Partial<ContainerRecord> {
  const state = states[numberOf(record['state']) ?? 0];
  const pid = numberOf(record['pid']) ?? 0;
  return present({
    state,
    pid: state !== 'exited' && pid > 0 ? pid : undefined,
    started: runtimeTime(textOf(record['startedTime'])),
    finished: runtimeTime(textOf(record['finishedTime'])),
    // Go leaves out zeroes.
    exitCode: state === 'exited' ? (numberOf(record['exitCode']) ?? 0) : undefined,
    outOfMemory: record['oomKilled'] === true ? true : undefined,
    restarts: numberOf(record['restartCount']),
  });
}
