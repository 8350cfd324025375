import { expect } from 'chai';
import { Placeholders } from '../../../src/evidence/redaction/placeholder.ts';
import { redactObjects, redactYaml } from '../../../src/evidence/redaction/redact-objects.ts';

const placeholders = new Placeholders(Buffer.alloc(32, 7));
const p = (value: string): string => placeholders.of(Buffer.from(value));

function redact(value: unknown): unknown {
  const bytes = redactObjects(Buffer.from(JSON.stringify(value)), placeholders);
  return bytes === undefined ? undefined : JSON.parse(bytes.toString());
}

describe('redactObjects', () => {
  it('replaces the data of Secrets, values of variables, named fields and arguments', () => {
    const env = [
      { name: 'A', value: 'x1' },
      { name: 'B', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } },
    ];
    const list = {
      kind: 'List',
      items: [
        { kind: 'Secret', metadata: { name: 's' }, data: { tls: 'QUJD' }, stringData: { a: 'b' } },
        {
          kind: 'Pod',
          spec: { containers: [{ name: 'web', env, args: ['--token', 'abc', '--port', '80'] }] },
        },
        { kind: 'ConfigMap', data: { 'app.conf': 'user=jane\npassword=x1\n', apiToken: 'q' } },
      ],
    };
    expect(redact(list)).to.deep.equal({
      kind: 'List',
      items: [
        { kind: 'Secret', metadata: { name: 's' }, data: { tls: p('QUJD') }, stringData: { a: p('b') } },
        {
          kind: 'Pod',
          spec: {
            containers: [
              {
                name: 'web',
                env: [{ name: 'A', value: p('x1') }, env[1]],
                args: ['--token', p('abc'), '--port', '80'],
              },
            ],
          },
        },
        { kind: 'ConfigMap', data: { 'app.conf': `user=jane\npassword=${p('x1')}\n`, apiToken: p('q') } },
      ],
    });
  });

  it('goes through JSON within JSON, as kubectl apply leaves it', () => {
    const applied = { kind: 'Secret', data: { a: 'eA==' }, spec: { env: [{ name: 'A', value: 'x1' }] } };
    const redacted = {
      kind: 'Secret',
      data: { a: p('eA==') },
      spec: { env: [{ name: 'A', value: p('x1') }] },
    };
    const annotations = (value: object): object => ({ annotations: { last: `${JSON.stringify(value)}\n` } });
    expect(redact(annotations(applied))).to.deep.equal(annotations(redacted));
  });

  it('knows environments of runtimes, lists of secrets, and what only names one', () => {
    expect(
      redact({
        process: { env: ['A=b=c', 'EMPTY='] },
        Env: { A: 'b', N: 7 },
        envs: [{ key: 'A', value: 'b' }],
        tokens: ['t1'],
        password: 12345,
        tokenSeconds: 3607,
        volumes: [{ secret: { secretName: 'tls' } }],
      }),
    ).to.deep.equal({
      process: { env: [`A=${p('b=c')}`, 'EMPTY='] },
      Env: { A: p('b'), N: p('7') },
      envs: [{ key: 'A', value: p('b') }],
      tokens: [p('t1')],
      password: p('12345'),
      tokenSeconds: 3607,
      volumes: [{ secret: { secretName: 'tls' } }],
    });
  });

  it('knows Secrets that do not say so: in a list of the API, and in events of the audit log', () => {
    const of = { name: 'a' };
    expect(redact({ kind: 'SecretList', items: [{ metadata: of, data: { 'tls.key': 'a' } }] })).to.deep.equal(
      {
        kind: 'SecretList',
        items: [{ metadata: of, data: { 'tls.key': p('a') } }],
      },
    );
    const objectRef = { resource: 'secrets', name: 'a' };
    const event = (value: string): object => ({
      objectRef,
      requestObject: { data: { x: value } },
      responseObject: [{ op: 'replace', path: '/data/x', value }],
    });
    expect(redact(event('a'))).to.deep.equal(event(p('a')));
    const other = { ...event('a'), objectRef: { resource: 'configmaps' } };
    expect(redact(other)).to.deep.equal(other);
  });

  it('reads YAML, as a manifest of a static pod', () => {
    const text =
      '# password: x1\nspec:\n  env:\n    - name: A\n      value: x1 y\n---\nkind: Secret\ndata:\n  a: eA==\n';
    expect(redactYaml(Buffer.from(text), placeholders)?.toString()).to.equal(
      `spec:\n  env:\n    - name: A\n      value: '${p('x1 y')}'\n---\nkind: Secret\ndata:\n  a: '${p('eA==')}'\n`,
    );
    expect(redactYaml(Buffer.from('a: b: c'), placeholders)).to.equal(undefined);
  });

  it('leaves bombs to be gone through as text', () => {
    expect(redactObjects(Buffer.from('['.repeat(100_000) + ']'.repeat(100_000)), placeholders)).to.equal(
      undefined,
    );
    const levels = Array.from({ length: 30 }, (_, at) => `a${at + 1}: &a${at + 1} [*a${at}, *a${at}]\n`);
    expect(redactYaml(Buffer.from(`a0: &a0 x\n${levels.join('')}`), placeholders)).to.equal(undefined);
  });

  it('is for JSON alone', () => {
    expect(redactObjects(Buffer.from('{"kind": "Secret"'), placeholders)).to.equal(undefined);
  });
});
