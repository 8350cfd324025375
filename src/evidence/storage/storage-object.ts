import type { S3Client } from '@aws-sdk/client-s3';
import type { Io } from '../../output/io.ts';
import { BodySha256 } from './body-sha256.ts';
import { nameOf, statusOf, storageError } from './storage-error.ts';
import type { StorageUrl } from './storage-url.ts';

/** What the storage says of an object. */
export interface StoredObject {
  readonly size: number;
  readonly etag: string;
  /** CRC-32 of the whole object; missing when the storage keeps none. */
  readonly crc32?: number;
}

/** A part that the storage has of an unfinished upload. */
export interface StoredPart {
  readonly size: number;
  readonly etag: string;
  readonly crc32?: number;
}

/** A part that was put, as the end of an upload names it. */
export interface PutPart {
  readonly number: number;
  readonly etag: string;
  readonly crc32: number;
}

/** Makes the client of the storage; tests point it at a server of their own. */
/** A client that gives a connection up on which nothing was sent or received for `silenceMs`; the usual time without it. */
export type Connect = (silenceMs?: number) => Promise<S3Client>;

const attempts = 4;
const connectMs = 10_000;
/** Nothing sent or received for so long: the connection is given up and the request tried again. */
const usualSilenceMs = 60_000;
/** Storage that joins the parts by copying them says nothing for minutes; asked again meanwhile, it knows the upload no more. */
const joiningSilenceMs = 600_000;
const mostConnections = 16;

/**
 * The client as the environment and ~/.aws say, like the aws program: credentials, region, AWS_ENDPOINT_URL_S3. Proxies
 * come from HTTPS_PROXY, HTTP_PROXY and NO_PROXY. What it needs is loaded here: a command without storage starts sooner.
 */
export function connectAs(io: Io): Connect {
  return async (silenceMs = usualSilenceMs) => {
    const [{ Agent: HttpAgent }, { Agent: HttpsAgent }, { S3Client: Client }] = await Promise.all([
      import('node:http'),
      import('node:https'),
      import('@aws-sdk/client-s3'),
    ]);
    const endpoint = io.env['AWS_ENDPOINT_URL_S3'] ?? io.env['AWS_ENDPOINT_URL'];
    const agent = { keepAlive: true, maxSockets: mostConnections, proxyEnv: io.env };
    return new Client({
      maxAttempts: attempts,
      followRegionRedirects: true,
      // Storage of one's own seldom has a name in the DNS for each bucket.
      forcePathStyle: endpoint !== undefined,
      responseChecksumValidation: 'WHEN_REQUIRED',
      sha256: BodySha256,
      requestHandler: {
        httpAgent: new HttpAgent(agent),
        httpsAgent: new HttpsAgent(agent),
        connectionTimeout: connectMs,
        socketTimeout: silenceMs,
      },
    });
  };
}

/** The requests about one object, each failing with one clear OperationError. Close it at the end. */
export class StorageObject {
  readonly url: StorageUrl;
  readonly #connect: Connect;
  readonly #signal: AbortSignal | undefined;
  #client: Promise<S3Client> | undefined;

  constructor(url: StorageUrl, connect: Connect, signal?: AbortSignal) {
    this.url = url;
    this.#connect = connect;
    this.#signal = signal;
  }

  /** What is there; undefined for nothing, `hidden` when these credentials may not look. */
  async look(): Promise<StoredObject | 'hidden' | undefined> {
    const { HeadObjectCommand } = await import('@aws-sdk/client-s3');
    try {
      const client = await this.#open();
      const answer = await client.send(
        new HeadObjectCommand({ ...this.#place(), ChecksumMode: 'ENABLED' }),
        this.#options(),
      );
      const { ContentLength: size = 0, ETag: etag = '', ChecksumCRC32: crc, ChecksumType: type } = answer;
      const crc32 = type === 'FULL_OBJECT' ? decodeCrc(crc) : undefined;
      return { size, etag, ...(crc32 === undefined ? {} : { crc32 }) };
    } catch (error) {
      if (statusOf(error) === 404) return undefined;
      if (statusOf(error) === 403) return 'hidden';
      throw this.#failed(error, 'look for');
    }
  }

  /** Begins an upload in parts and returns its id. */
  async begin(): Promise<string> {
    const { CreateMultipartUploadCommand } = await import('@aws-sdk/client-s3');
    const { UploadId } = await this.#try('begin the upload to', async (client) =>
      client.send(
        new CreateMultipartUploadCommand({
          ...this.#place(),
          ChecksumAlgorithm: 'CRC32',
          ChecksumType: 'FULL_OBJECT',
          ContentType: 'application/octet-stream',
        }),
        this.#options(),
      ),
    );
    return UploadId ?? '';
  }

  /** The parts that are there by their number; undefined when there is no such upload (any more). */
  async parts(uploadId: string): Promise<ReadonlyMap<number, StoredPart> | undefined> {
    const { ListPartsCommand } = await import('@aws-sdk/client-s3');
    const found = new Map<number, StoredPart>();
    try {
      const client = await this.#open();
      // The library's own paging asks again and again where the last page names a next one.
      for (let marker: string | undefined, more = true; more;) {
        const page = await client.send(
          new ListPartsCommand({ ...this.#place(), UploadId: uploadId, PartNumberMarker: marker }),
          this.#options(),
        );
        for (const { PartNumber: number = 0, Size: size = 0, ETag: etag = '', ChecksumCRC32 } of page.Parts ??
          []) {
          const crc32 = decodeCrc(ChecksumCRC32);
          found.set(number, { size, etag, ...(crc32 === undefined ? {} : { crc32 }) });
        }
        more = page.IsTruncated === true && page.NextPartNumberMarker !== marker;
        marker = page.NextPartNumberMarker;
      }
      return found;
    } catch (error) {
      if (nameOf(error) === 'NoSuchUpload') return undefined;
      throw this.#failed(error, 'go on with the upload to');
    }
  }

  /** Puts one part; the storage compares its CRC-32. Returns its ETag. */
  async put(uploadId: string, number: number, bytes: Buffer, crc32: number): Promise<string> {
    const { UploadPartCommand } = await import('@aws-sdk/client-s3');
    const { ETag } = await this.#try('upload to', async (client) =>
      client.send(
        new UploadPartCommand({
          ...this.#place(),
          UploadId: uploadId,
          PartNumber: number,
          Body: bytes,
          ContentLength: bytes.length,
          ChecksumCRC32: encodeCrc(crc32),
        }),
        this.#options(),
      ),
    );
    return ETag ?? '';
  }

  /**
   * Makes the parts one object under its name, never over another one where the storage can tell; it compares size and
   * CRC-32 of the whole where it can.
   */
  async complete(uploadId: string, parts: readonly PutPart[], size: number, crc32: number): Promise<void> {
    const { CompleteMultipartUploadCommand } = await import('@aws-sdk/client-s3');
    const request = {
      ...this.#place(),
      UploadId: uploadId,
      ChecksumCRC32: encodeCrc(crc32),
      ChecksumType: 'FULL_OBJECT' as const,
      MpuObjectSize: size,
      MultipartUpload: {
        Parts: parts.map((part) => ({
          PartNumber: part.number,
          ETag: part.etag,
          ChecksumCRC32: encodeCrc(part.crc32),
        })),
      },
    };
    await this.#try('finish the upload to', async () => {
      const client = await this.#connect(joiningSilenceMs);
      const join = (condition: { readonly IfNoneMatch?: string }): Promise<unknown> =>
        client.send(new CompleteMultipartUploadCommand({ ...request, ...condition }), this.#options());
      try {
        await join({ IfNoneMatch: '*' });
      } catch (error) {
        if (statusOf(error) !== 501) throw error;
        await join({});
      } finally {
        client.destroy();
      }
    });
  }

  /** Gives an upload up, and the parts with it. */
  async abandon(uploadId: string): Promise<void> {
    const { AbortMultipartUploadCommand } = await import('@aws-sdk/client-s3');
    await this.#try('give up the upload to', async (client) =>
      client.send(new AbortMultipartUploadCommand({ ...this.#place(), UploadId: uploadId })),
    );
  }

  /** Bytes of the object from `start` up to `end`, which is left out, while it is the one with this ETag. */
  async *read(start: number, end: number, etag: string): AsyncGenerator<Buffer> {
    const { GetObjectCommand } = await import('@aws-sdk/client-s3');
    const range = { Range: `bytes=${start}-${end - 1}`, ...(etag === '' ? {} : { IfMatch: etag }) };
    const { Body } = await this.#try('read', async (client) =>
      client.send(new GetObjectCommand({ ...this.#place(), ...range }), this.#options()),
    );
    try {
      for await (const chunk of Body as AsyncIterable<Buffer>) yield chunk;
    } catch (error) {
      throw this.#failed(error, 'read on from');
    }
  }

  async close(): Promise<void> {
    (await this.#client)?.destroy();
  }

  #place(): { readonly Bucket: string; readonly Key: string } {
    return { Bucket: this.url.bucket, Key: this.url.key };
  }

  #options(): { abortSignal?: AbortSignal } {
    return this.#signal === undefined ? {} : { abortSignal: this.#signal };
  }

  #open(): Promise<S3Client> {
    this.#client ??= this.#connect();
    return this.#client;
  }

  async #try<T>(step: string, work: (client: S3Client) => Promise<T>): Promise<T> {
    try {
      return await work(await this.#open());
    } catch (error) {
      throw this.#failed(error, step);
    }
  }

  #failed(error: unknown, step: string): unknown {
    return this.#signal?.aborted === true ? this.#signal.reason : storageError(error, step, this.url);
  }
}

/** A CRC-32 as S3 writes it: four bytes, big-endian, in base64. */
function encodeCrc(crc32: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32);
  return bytes.toString('base64');
}

function decodeCrc(text: string | undefined): number | undefined {
  const bytes = Buffer.from(text ?? '', 'base64');
  return bytes.length === 4 ? bytes.readUInt32BE() : undefined;
}
