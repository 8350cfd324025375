import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { PeerCertificate } from 'node:tls';
import { WebSocketServer } from 'ws';
import type { Api } from '../../src/cluster/api.ts';
import { connect } from '../../src/cluster/connect.ts';
import type { GlobalConnection } from '../../src/cluster/connection.ts';
import type { KubeObject } from '../../src/cluster/objects.ts';
import type { Io } from '../../src/output/io.ts';
import { memoryIo } from '../support/memory-io.ts';
import { parseAddress } from './address.ts';
import { refusedByPolicy } from './admission.ts';
import type { Address } from './address.ts';
import { failure, forbidden, notFound } from './answer.ts';
import type { Answer } from './answer.ts';
import { FakeExec } from './fake-exec.ts';
import { answerObject } from './requests.ts';
import type { CreateHook, LoggedRequest } from './requests.ts';
import { Store } from './store.ts';

/*
 * A real HTTP and WebSocket server on loopback that behaves like a small API server, for tests of everything above
 * src/cluster. It keeps objects in memory and knows every resource by Kubernetes' naming rule, with nothing registered:
 *
 *   const fake = await startFakeApi();               // afterEach: await fake.close()
 *   fake.put(aPod('web'));                           // builders.ts; the namespace comes into being
 *   fake.afterCreate('pods', (pod) => ({ ...pod, status: { phase: 'Running' } }));
 *   fake.deny({ verb: 'create', resource: 'pods' }); // access reviews say no, requests get 403
 *   fake.onExec(async (exec) => { await exec.write('hi'); await exec.exit(0); });
 *   fake.intercept((request) => request.path === '/version' ? { status: 500, body: 'no' } : undefined);
 *   const api = await fake.connect();                // the real client
 *   fake.requests                                    // what was asked, in order
 *
 * get, list (label and field selectors, paging), create, update, delete (preconditions), JSON and merge patch, dry run,
 * SelfSubjectAccessReview, SelfSubjectRulesReview (without a denial), SelfSubjectReview, `/apis`, deletion policies of ours, pods/log (fake.logs) and pods/exec. Simplified: apply and strategic
 * merge replace lists, there are no field managers, a deletion is at once, there is no watch.
 */

/** A right that is refused; what is absent matches everything. `resource` may name a subresource: `pods/exec`. */
export interface Denial {
  readonly verb?: string;
  readonly resource?: string;
  readonly namespace?: string;
}

export type ExecHandler = (exec: FakeExec) => void | Promise<void>;

export class FakeApi {
  readonly requests: LoggedRequest[] = [];
  /** Contents of `pods/log` by `NAMESPACE/POD/CONTAINER`. */
  readonly logs = new Map<string, string | Buffer>();
  /** API groups that `/apis` tells of, with their versions; any other answers all the same. */
  readonly groups = new Map<string, readonly string[]>([
    ['apps', ['v1']],
    ['networking.k8s.io', ['v1']],
    ['policy', ['v1']],
  ]);
  /** Who SelfSubjectReview says the caller is. */
  user: { username: string; uid?: string; groups: string[]; extra?: Record<string, string[]> } = {
    username: 'jane',
    groups: ['system:authenticated'],
  };
  /** When set, requests with another bearer token get 401. */
  token: string | undefined;
  /** Subprotocols of exec that the server speaks, best first. */
  protocols: readonly string[] = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];
  readonly #store = new Store();
  readonly #server: http.Server | https.Server;
  /** Upgraded connections, which the server no longer knows of. */
  readonly #upgraded = new Set<Duplex>();
  readonly #denials: Denial[] = [];
  readonly #hooks = new Map<string, CreateHook>();
  #intercept: (request: LoggedRequest) => Answer | undefined = () => undefined;
  #hold: (request: LoggedRequest) => Promise<void> | undefined = () => undefined;
  #exec: ExecHandler = (exec) => exec.exit(0);

  constructor(server: http.Server | https.Server) {
    this.#server = server;
    this.#store.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } });
    server.on('request', (request, response) => {
      this.#serve(request, response).catch(() => response.destroy());
    });
    const sockets = new WebSocketServer({
      noServer: true,
      perMessageDeflate: false,
      handleProtocols: (offered) => this.protocols.find((name) => offered.has(name)) ?? false,
    });
    server.on('upgrade', (request, raw, head) => {
      const logged = logEntry(request, undefined);
      this.requests.push(logged);
      raw.on('error', () => undefined).on('close', () => this.#upgraded.delete(raw));
      this.#upgraded.add(raw);
      const refused = this.#refusal(logged);
      if (refused !== undefined) {
        const body = bytesOf(refused);
        raw.write(`HTTP/1.1 ${refused.status} X\r\ncontent-length: ${body.length}\r\n\r\n`);
        raw.end(body);
        return;
      }
      sockets.handleUpgrade(request, raw, head, (socket) => {
        void this.#exec(new FakeExec(new URL(request.url ?? '', 'http://fake'), socket, raw));
      });
    });
  }

  get url(): string {
    const scheme = this.#server instanceof https.Server ? 'https' : 'http';
    return `${scheme}://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Keeps an object as if it had been there before; returns it with uid and resourceVersion. */
  put<T extends object>(object: T): T & KubeObject {
    return this.#store.put(object as unknown as KubeObject) as T & KubeObject;
  }

  /** An object by resource (`pods`, `deployments.apps`), namespace (undefined when it has none) and name. */
  get(resource: string, namespace: string | undefined, name: string): KubeObject | undefined {
    return this.list(resource, namespace).find((object) => object.metadata.name === name);
  }

  /** Objects of a resource, in name order. */
  list(resource: string, namespace?: string): KubeObject[] {
    const dot = resource.indexOf('.');
    const [plural, group] = dot < 0 ? [resource, ''] : [resource.slice(0, dot), resource.slice(dot + 1)];
    return this.#store.list({ group, resource: plural, namespace });
  }

  /** Removes an object behind the client's back. */
  remove(object: KubeObject): void {
    this.#store.remove(object);
  }

  deny(denial: Denial): void {
    this.#denials.push(denial);
  }

  onExec(handler: ExecHandler): void {
    this.#exec = handler;
  }

  /** Changes every object of a resource as it is created. */
  afterCreate(resource: string, hook: CreateHook): void {
    this.#hooks.set(resource, hook);
  }

  /** Answers a request in place of the server; undefined lets the server answer. */
  intercept(answer: (request: LoggedRequest) => Answer | undefined): void {
    this.#intercept = answer;
  }

  /** Takes a request up only when what this gives for it resolves; an exec is never held up. */
  hold(until: (request: LoggedRequest) => Promise<void> | undefined): void {
    this.#hold = until;
  }

  /** The real client for this server. */
  connect(flags: GlobalConnection = {}, io: Io = memoryIo()): Promise<Api> {
    return connect(io, { server: this.url, token: 'fake-token', ...flags });
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
      for (const raw of this.#upgraded) raw.destroy();
    });
  }

  async #serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const logged = logEntry(request, chunks.length === 0 ? undefined : Buffer.concat(chunks));
    this.requests.push(logged);
    await this.#hold(logged);
    const answer = this.#refusal(logged) ?? this.#answer(logged);
    const raw = typeof answer.body === 'string' || Buffer.isBuffer(answer.body);
    response.writeHead(answer.status, {
      'content-type': raw ? 'text/plain' : 'application/json',
      ...answer.headers,
    });
    response.end(bytesOf(answer));
  }

  #refusal(request: LoggedRequest): Answer | undefined {
    if (this.token !== undefined && request.headers.authorization !== `Bearer ${this.token}`) {
      return failure(401, 'Unauthorized', 'Unauthorized');
    }
    const intercepted = this.#intercept(request);
    if (intercepted !== undefined) return intercepted;
    const address = parseAddress(request.path);
    if (address === undefined) return undefined;
    const verb = verbOf(request, address);
    const { resource, subresource, namespace } = address;
    const name = subresource === undefined ? resource : `${resource}/${subresource}`;
    return this.#isDenied(verb, name, namespace) ? forbidden(address, verb, this.user.username) : undefined;
  }

  #isDenied(verb: string, resource: string, namespace: string | undefined): boolean {
    return this.#denials.some(
      (denial) =>
        (denial.verb ?? verb) === verb &&
        (denial.resource ?? resource) === resource &&
        (denial.namespace ?? namespace) === namespace,
    );
  }

  #answer(request: LoggedRequest): Answer {
    const address = parseAddress(request.path);
    if (address === undefined) return this.#atRoot(request.path);
    if (address.resource === 'selfsubjectaccessreviews') return this.#review(request);
    if (address.resource === 'selfsubjectrulesreviews') return this.#rules(request);
    if (address.resource === 'selfsubjectreviews') {
      return { status: 201, body: { kind: 'SelfSubjectReview', status: { userInfo: this.user } } };
    }
    if (address.subresource === 'log') return this.#log(address, request);
    const refused = refusedByPolicy(this.#store, address, request);
    if (refused !== undefined) return refused;
    return answerObject(
      this.#store,
      address,
      request,
      this.#hooks.get(address.resource) ?? ((object) => object),
    );
  }

  #atRoot(path: string): Answer {
    if (path === '/version') {
      return { status: 200, body: { major: '1', minor: '34', gitVersion: 'v1.34.4' } };
    }
    if (path !== '/apis') {
      return failure(404, 'NotFound', 'the server could not find the requested resource');
    }
    const groups = [...this.groups].map(([name, versions]) => ({
      name,
      versions: versions.map((version) => ({ groupVersion: `${name}/${version}`, version })),
      preferredVersion: { groupVersion: `${name}/${versions[0] ?? ''}`, version: versions[0] },
    }));
    return { status: 200, body: { kind: 'APIGroupList', apiVersion: 'v1', groups } };
  }

  #review(request: LoggedRequest): Answer {
    const { spec } = request.body as {
      spec: {
        resourceAttributes: { verb: string; resource: string; subresource?: string; namespace?: string };
      };
    };
    const { verb, resource, subresource, namespace } = spec.resourceAttributes;
    const name = subresource === undefined ? resource : `${resource}/${subresource}`;
    const allowed = !this.#isDenied(verb, name, namespace);
    return { status: 201, body: { ...(request.body as object), status: { allowed } } };
  }

  /** All rules, or, as where a webhook decides, none for certain. */
  #rules(request: LoggedRequest): Answer {
    const all = { verbs: ['*'], apiGroups: ['*'], resources: ['*'] };
    const incomplete = this.#denials.length > 0;
    const status = { incomplete, resourceRules: incomplete ? [] : [all], nonResourceRules: [] };
    return { status: 201, body: { ...(request.body as object), status } };
  }

  #log(address: Address, request: LoggedRequest): Answer {
    const container = request.query.get('container') ?? '';
    const log = this.logs.get(`${address.namespace ?? ''}/${address.name ?? ''}/${container}`);
    return log === undefined ? notFound(address) : { status: 200, body: log };
  }
}

/**
 * Starts a fake API server on a free port of loopback; with `tls` it has a certificate of `fixtures/tls/ca.crt` and asks
 * for one of the client, which is in `client.crt`.
 */
export async function startFakeApi(options: { readonly tls?: boolean } = {}): Promise<FakeApi> {
  const server =
    options.tls === true
      ? https.createServer({
          key: tlsFixture('server.key'),
          cert: tlsFixture('server.crt'),
          ca: tlsFixture('ca.crt'),
          requestCert: true,
          rejectUnauthorized: false,
        })
      : http.createServer();
  const fake = new FakeApi(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return fake;
}

/** A PEM file of `fixtures/tls`. */
export function tlsFixture(name: string): Buffer {
  return readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url));
}

function logEntry(request: http.IncomingMessage, body: Buffer | undefined): LoggedRequest {
  const url = new URL(request.url ?? '', 'http://fake');
  return {
    method: request.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
    remotePort: request.socket.remotePort,
    clientName: clientName(request.socket),
    body: body === undefined ? undefined : parsed(body.toString('utf8')),
  };
}

function clientName(socket: Socket): string | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  const { subject } = socket.getPeerCertificate() as Partial<PeerCertificate>;
  return typeof subject?.CN === 'string' ? subject.CN : undefined;
}

function bytesOf({ body }: Answer): Buffer {
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function verbOf(request: LoggedRequest, address: Address): string {
  const verbs: Readonly<Record<string, string>> = {
    POST: 'create',
    PUT: 'update',
    PATCH: 'patch',
    DELETE: 'delete',
  };
  return verbs[request.method] ?? (address.name === undefined ? 'list' : 'get');
}
