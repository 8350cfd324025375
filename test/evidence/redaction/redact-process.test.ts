import { expect } from 'chai';
import { Placeholders } from '../../../src/evidence/redaction/placeholder.ts';
import { redactCommandLine, redactEnvironment } from '../../../src/evidence/redaction/redact-process.ts';

const placeholders = new Placeholders(Buffer.alloc(32, 7));
const p = (value: string): string => placeholders.of(Buffer.from(value, 'latin1'));

describe('redaction of processes', () => {
  it('replaces every value of an environment and keeps the names', () => {
    const environment = Buffer.from('PATH=/bin\0EMPTY=\0DB=a=b\0\xff\0', 'latin1');
    expect(redactEnvironment(environment, placeholders).toString('latin1')).to.equal(
      `PATH=${p('/bin')}\0EMPTY=\0DB=${p('a=b')}\0${p('\xff')}\0`,
    );
  });

  it('replaces arguments that are named as secrets or look like them', () => {
    const line = Buffer.from(
      'mysql\0--password=x1\0--token\0abc\0-h\0db\0--token\0--verbose\0https://a:b1@c/\0',
    );
    expect(redactCommandLine(line, placeholders).toString()).to.equal(
      `mysql\0--password=${p('x1')}\0--token\0${p('abc')}\0-h\0db\0--token\0--verbose\0https://a:${p('b1')}@c/\0`,
    );
  });
});
