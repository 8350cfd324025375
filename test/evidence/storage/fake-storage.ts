import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { crc32 } from 'node:zlib';
import { S3Client } from '@aws-sdk/client-s3';
import { processIo } from '../../../src/output/io.ts';
import type { Connect } from '../../../src/evidence/storage/storage-object.ts';

/** What a request is answered with in place of what the storage would do; `lost` does it and cuts the connection. */
export interface Fault {
  readonly status?: number;
  readonly code?: string;
  readonly fields?: Readonly<Record<string, string>>;
  readonly lost?: true;
  /** How long it says nothing before it answers. */
  readonly silentMs?: number;
}

interface Target {
  readonly key: string;
  readonly part: number;
  readonly uploadId: string;
  readonly marker: number;
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** A part as it came, with what is said of it. */
interface Part {
  readonly bytes: Buffer;
  readonly etag: string;
  readonly crc: string;
}

interface Upload {
  readonly key: string;
  readonly parts: Map<number, Part>;
}

/** The part of S3 that is needed, in memory, on a socket of loopback. Keeps no checksums when told so. */
export class FakeStorage {
  readonly objects = new Map<string, Buffer>();
  readonly uploads = new Map<string, Upload>();
  /** Every request as `METHOD step`, such as `PUT part 3`. */
  readonly requests: string[] = [];
  checksums = true;
  /** What the program under test puts up with where it says nothing of it. */
  silenceMs = 10_000;
  /** Looked up for each request. */
  fault: (step: string) => Fault | undefined = () => undefined;
  #count = 0;
  #port = 0;
  readonly #server = createServer((request, response) => {
    this.#answer(request).then(
      (answer) => {
        if (answer === undefined) response.destroy();
        else
          response
            .writeHead(answer.status, answer.headers)
            .end(request.method === 'HEAD' ? undefined : answer.body);
      },
      () => response.destroy(),
    );
  });

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** How the program under test reaches it; one attempt, so that faults are seen. */
  get connect(): Connect {
    return (socketTimeout = this.silenceMs) =>
      Promise.resolve(
        new S3Client({
          region: 'us-east-1',
          endpoint: `http://127.0.0.1:${this.#port}`,
          forcePathStyle: true,
          credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
          maxAttempts: 1,
          responseChecksumValidation: 'WHEN_REQUIRED',
          requestHandler: { socketTimeout },
        }),
      );
  }

  async #answer(request: IncomingMessage): Promise<Answer | undefined> {
    const url = new URL(request.url ?? '', 'http://storage');
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const part = url.searchParams.get('partNumber');
    const uploadId = url.searchParams.get('uploadId');
    const step = `${request.method ?? ''} ${stepOf(url, part, uploadId)}`;
    this.requests.push(step);
    const fault = this.fault(step);
    if (fault?.status !== undefined) return xmlError(fault.status, fault.code ?? 'Error', fault.fields);
    const key = decodeURIComponent(url.pathname.slice(1));
    const answer = this.#do(
      step,
      {
        key,
        part: Number(part),
        uploadId: uploadId ?? '',
        marker: Number(url.searchParams.get('part-number-marker')),
      },
      request,
      Buffer.concat(chunks),
    );
    await processIo().sleep(fault?.silentMs ?? 0);
    return fault?.lost === true ? undefined : answer;
  }

  #do(
    step: string,
    { key, part, uploadId, marker }: Target,
    { headers }: IncomingMessage,
    body: Buffer,
  ): Answer {
    const upload = this.uploads.get(uploadId);
    if (uploadId !== '' && upload === undefined) return xmlError(404, 'NoSuchUpload');
    if (step === 'POST uploads') {
      this.#count += 1;
      this.uploads.set(String(this.#count), { key, parts: new Map() });
      return xml(
        `<InitiateMultipartUploadResult><UploadId>${this.#count}</UploadId></InitiateMultipartUploadResult>`,
      );
    }
    if (step.startsWith('PUT part')) {
      const crc = crcOf(body);
      if (this.checksums && headers['x-amz-checksum-crc32'] !== crc) return xmlError(400, 'BadDigest');
      const etag = this.checksums ? `"${crc}"` : etagOf(body);
      upload?.parts.set(part, { bytes: body, etag, crc });
      return { status: 200, headers: { ETag: etag } };
    }
    if (step === 'GET upload') return xml(listOf(upload, marker, this.checksums));
    if (step === 'DELETE upload') {
      this.uploads.delete(uploadId);
      return { status: 204 };
    }
    if (step === 'POST upload') return this.#complete(key, uploadId, headers['if-none-match']);
    const object = this.objects.get(key);
    if (object === undefined) return xmlError(404, 'NoSuchKey');
    return this.#object(object, headers.range);
  }

  #complete(key: string, uploadId: string, ifNoneMatch: string | undefined): Answer {
    if (ifNoneMatch === '*' && this.objects.has(key)) return xmlError(412, 'PreconditionFailed');
    const parts = [...(this.uploads.get(uploadId)?.parts ?? [])].sort(([a], [b]) => a - b);
    this.objects.set(key, Buffer.concat(parts.map(([, part]) => part.bytes)));
    this.uploads.delete(uploadId);
    return xml('<CompleteMultipartUploadResult></CompleteMultipartUploadResult>');
  }

  #object(object: Buffer, range: string | undefined): Answer {
    const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(range ?? '') ?? [];
    const body = start === undefined ? object : object.subarray(Number(start), Number(end) + 1);
    const crc = crcOf(object);
    const checksum = { 'x-amz-checksum-crc32': crc, 'x-amz-checksum-type': 'FULL_OBJECT' };
    return {
      status: start === undefined ? 200 : 206,
      headers: {
        'Content-Length': String(body.length),
        ETag: `"${crc}"`,
        ...(this.checksums ? checksum : {}),
      },
      body,
    };
  }
}

/** Two parts a page; every page names a next one, as some servers do. */
function listOf(upload: Upload | undefined, marker: number, checksums: boolean): string {
  const left = [...(upload?.parts ?? [])].filter(([number]) => number > marker).sort(([a], [b]) => a - b);
  const parts = left.slice(0, 2).map(([number, { bytes, etag, crc }]) => {
    const checksum = checksums ? `<ChecksumCRC32>${crc}</ChecksumCRC32>` : '';
    return `<Part><PartNumber>${number}</PartNumber><Size>${bytes.length}</Size><ETag>${etag}</ETag>${checksum}</Part>`;
  });
  const next = left[Math.min(left.length, 2) - 1]?.[0] ?? 0;
  const page = `<IsTruncated>${left.length > 2}</IsTruncated><NextPartNumberMarker>${next}</NextPartNumberMarker>`;
  return `<ListPartsResult>${page}${parts.join('')}</ListPartsResult>`;
}

function stepOf(url: URL, part: string | null, uploadId: string | null): string {
  if (url.searchParams.has('uploads')) return 'uploads';
  if (part !== null) return `part ${part}`;
  return uploadId === null ? 'object' : 'upload';
}

function crcOf(bytes: Buffer): string {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32BE(crc32(bytes));
  return buffer.toString('base64');
}

/** What a part has where the storage keeps no other checksum of it. */
function etagOf(bytes: Buffer): string {
  return `"${createHash('md5').update(bytes).digest('hex')}"`;
}

function xml(body: string): Answer {
  return {
    status: 200,
    headers: { 'Content-Type': 'application/xml' },
    body: `<?xml version="1.0"?>${body}`,
  };
}

function xmlError(status: number, code: string, fields: Readonly<Record<string, string>> = {}): Answer {
  const more = Object.entries(fields).map(([name, value]) => `<${name}>${value}</${name}>`);
  return { ...xml(`<Error><Code>${code}</Code><Message>no</Message>${more.join('')}</Error>`), status };
}
