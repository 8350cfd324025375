import { failure } from '../fake-api/answer.ts';
import type { FakeApi } from '../fake-api/fake-api.ts';

/** Lets no collector be removed; each answers `execs` times and then no more. */
export function stickCollectors(fake: FakeApi, execs = Number.POSITIVE_INFINITY): void {
  let seen = 0;
  fake.intercept(({ method, path }) => {
    if (!/^\/api\/v1\/namespaces\/kubectl-ir\/pods\/ir-collector-/.test(path)) return undefined;
    if (method === 'DELETE') return failure(500, 'InternalError', 'etcdserver: request timed out');
    return path.endsWith('/exec') && (seen += 1) > execs ? { status: 502, body: 'gone' } : undefined;
  });
}
