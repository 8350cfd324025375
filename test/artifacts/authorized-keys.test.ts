import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAuthorizedKeys } from '../../src/artifacts/authorized-keys.ts';
import { survivesHostileBytes, survivesLongLines } from './hostile.ts';

const path = Buffer.from('[root]/home/jo/.ssh/authorized_keys');
const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f';
const sample = `# a remark

${key} jo@laptop with words
command="echo \\"a b\\"",from="198.51.100.0/24",no-pty ${key}
ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f
nothing
`;

describe('parseAuthorizedKeys', () => {
  it('reads options, type and comment', () => {
    const [first, second, third, fourth] = [...parseAuthorizedKeys(Buffer.from(sample), path)];
    expect(first).to.deep.include({
      account: Buffer.from('jo'),
      options: Buffer.from(''),
      type: 'ssh-ed25519',
      comment: Buffer.from('jo@laptop with words'),
    });
    expect(second).to.deep.include({
      options: Buffer.from('command="echo \\"a b\\"",from="198.51.100.0/24",no-pty'),
      comment: Buffer.from(''),
    });
    expect(third).to.have.property('malformed');
    expect(fourth).to.have.property('malformed');
  });

  it('gives the fingerprint that ssh-keygen prints', () => {
    const dir = mkdtempSync(join(tmpdir(), 'keys-'));
    try {
      for (const type of ['ed25519', 'ecdsa', 'rsa']) {
        const file = join(dir, type);
        execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-C', 'c', '-f', file]);
        const printed = execFileSync('ssh-keygen', ['-l', '-f', `${file}.pub`]).toString();
        const [one] = [...parseAuthorizedKeys(readFileSync(`${file}.pub`), path)];
        expect(one).to.have.property('fingerprint', printed.split(' ')[1]);
      }
    } finally {
      rmSync(dir, { recursive: true });
    }
  });

  it('ends soon on long lines', () =>
    survivesLongLines((bytes) => parseAuthorizedKeys(bytes, path), 'ssh-rsa ', 'command="'));

  it('survives hostile bytes', () =>
    survivesHostileBytes((bytes) => parseAuthorizedKeys(bytes, path), sample));
});
