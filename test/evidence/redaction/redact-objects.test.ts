import { expect } from 'chai';
import { Placeholders } from '../../../src/evidence/redaction/placeholder.ts';
import { redactObjects } from '../../../src/evidence/redaction/redact-objects.ts';

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

  it('is for JSON alone', () => {
    expect(redactObjects(Buffer.from('{"kind": "Secret"'), placeholders)).to.equal(undefined);
  });
});
