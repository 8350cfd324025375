import { expect } from 'chai';
import { Placeholders } from '../../../src/evidence/redaction/placeholder.ts';
import { redactItem } from '../../../src/evidence/redaction/profile.ts';
import { bytesOf, piecesOf } from '../sandbox.ts';

const placeholders = new Placeholders(Buffer.alloc(32, 7));
const p = (value: string | Buffer): string => placeholders.of(Buffer.from(value));

async function redact(
  name: string,
  content: string | Buffer,
  size = Buffer.byteLength(content),
): Promise<string> {
  return (
    await bytesOf(redactItem(name, size, piecesOf(Buffer.from(content), 5000), placeholders))
  ).toString();
}

describe('redactItem', () => {
  it('knows environments, command lines, objects and text', async () => {
    expect(await redact('[root]/proc/7/environ', 'A=b\0')).to.equal(`A=${p('b')}\0`);
    expect(await redact('[root]/proc/7/cmdline', 'x\0--token=b1\0')).to.equal(`x\0--token=${p('b1')}\0`);
    expect(await redact('[root]/proc/cmdline', 'quiet password=b1')).to.equal(`quiet password=${p('b1')}`);
    expect(await redact('live_response/kubernetes/pods.json', '{"token":"b"}')).to.equal(
      `{"token":"${p('b')}"}`,
    );
    expect(await redact('live_response/kubernetes/pods.json', '{"token":"b1"')).to.equal(
      `{"token":"${p('b1')}"`,
    );
    expect(await redact('[root]/var/log/x.log', 'a\ntoken=b1\n')).to.equal(`a\ntoken=${p('b1')}\n`);
    expect(await redact('[root]/var/log/empty', '')).to.equal('');
  });

  it('withholds what is no text as a whole', async () => {
    const binary = Buffer.concat([Buffer.from('\x7fELF\0'), Buffer.alloc(20_000, 1)]);
    expect(await redact('live_response/process/7/exe', binary)).to.equal(
      `${p(binary)} in place of 20005 bytes that are no text\n`,
    );
  });

  it('takes nothing apart that is too large to be held', async () => {
    expect(await redact('[root]/proc/7/environ', 'A=b\0', 2 ** 30)).to.match(
      /^\[redacted:.*\] in place of 4 bytes/,
    );
  });
});
