import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { agentKeys, agentSign } from '../../../src/evidence/signature/ssh-agent.ts';
import { sshString, sshUint32 } from '../../../src/evidence/signature/ssh-wire.ts';
import { failureOf } from '../../support/failure.ts';
import { memoryIo } from '../../support/memory-io.ts';
import { inSandbox } from '../sandbox.ts';
import { makeKey, withAgent } from './keys.ts';

/** An agent that gives the same bytes to every question. */
async function answering(
  dir: string,
  answer: Buffer,
): Promise<{ server: Server; env: Record<string, string> }> {
  const path = join(dir, 'fake.sock');
  const server = createServer((socket) => socket.on('data', () => socket.end(answer)));
  server.listen(path);
  await once(server, 'listening');
  return { server, env: { SSH_AUTH_SOCK: path } };
}

describe('ssh-agent', () => {
  it('lists keys; none where there is no agent', () =>
    inSandbox(async (dir) => {
      const keys = [await makeKey(dir, 'one'), await makeKey(dir, 'two', ['-t', 'rsa', '-b', '2048'])];
      await withAgent(dir, keys, async (io) => {
        const listed = await agentKeys(io);
        expect(listed.map(({ key, comment }) => `${key.type} ${comment}`)).to.deep.equal([
          'ssh-ed25519 one@example.org',
          'ssh-rsa two@example.org',
        ]);
      });
      expect(await agentKeys(memoryIo())).to.deep.equal([]);
    }));

  it('leaves out keys of kinds that are not known here', () =>
    inSandbox(async (dir) => {
      const body = Buffer.concat([
        Buffer.from([12]),
        sshUint32(1),
        sshString(sshString('ssh-dss')),
        sshString('old'),
      ]);
      const { server, env } = await answering(dir, sshString(body));
      expect(await agentKeys(memoryIo({ env }))).to.deep.equal([]);
      server.close();
    }));

  for (const [what, answer, message] of [
    ['refuses', sshString(Buffer.from([5])), 'the ssh-agent refused to sign'],
    ['hangs up', Buffer.from([0, 0]), 'the ssh-agent at $SSH_AUTH_SOCK does not answer'],
    [
      'talks without end',
      Buffer.from([255, 255, 255, 255]),
      'the ssh-agent at $SSH_AUTH_SOCK does not answer',
    ],
  ] as const)
    it(`says so when the agent ${what}`, () =>
      inSandbox(async (dir) => {
        const key = await makeKey(dir, 'one');
        const found = await withAgent(dir, [key], (io) => agentKeys(io));
        const { server, env } = await answering(dir, answer);
        const [first] = found;
        if (first === undefined) throw new Error('the agent has no key');
        const failure = await failureOf(agentSign(memoryIo({ env }), first.key, Buffer.from('x')));
        expect(failure.message).to.equal(message);
        server.close();
      }));

  it('is left when the user interrupts while it waits for a touch', () =>
    inSandbox(async (dir) => {
      const key = await makeKey(dir, 'one');
      const [first] = await withAgent(dir, [key], (io) => agentKeys(io));
      if (first === undefined) throw new Error('the agent has no key');
      const path = join(dir, 'silent.sock');
      const server = createServer(() => undefined);
      server.listen(path);
      await once(server, 'listening');
      const controller = new AbortController();
      const io = memoryIo({ env: { SSH_AUTH_SOCK: path } });
      const signing = agentSign(io, first.key, Buffer.from('x'), controller.signal);
      setTimeout(() => controller.abort(new Error('stopped')), 50);
      expect((await failureOf(signing)).message).to.equal('stopped');
      server.close();
    }));
});
