import { parseStorageUrl } from '../../../src/evidence/storage/storage-url.ts';
import { StorageObject } from '../../../src/evidence/storage/storage-object.ts';
import { FakeStorage } from './fake-storage.ts';

/** Runs `work` with a storage of its own and the object `s3://cases/x` in it. */
export async function withStorage(
  work: (storage: FakeStorage, object: StorageObject) => Promise<void>,
): Promise<void> {
  const storage = new FakeStorage();
  await storage.start();
  const object = new StorageObject(parseStorageUrl('s3://cases/x'), storage.connect);
  try {
    await work(storage, object);
  } finally {
    await object.close();
    await storage.stop();
  }
}
