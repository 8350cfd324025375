import { expect } from 'chai';
import { parseLoginSession } from '../../src/artifacts/login-session.ts';
import { survivesHostileBytes } from './hostile.ts';

const sample = `# This is private data. Do not parse.
UID=1000
USER=jo
ACTIVE=1
STATE=active
REMOTE=1
TYPE=tty
REMOTE_HOST=198.51.100.7
SERVICE=sshd
LEADER=4242
SCOPE=session-3.scope
REALTIME=1763000000000042
USER=root
`;

describe('parseLoginSession', () => {
  it('reads a session; the first value of a name counts', () =>
    expect([...parseLoginSession(Buffer.from(sample))]).to.deep.equal([
      {
        remote: true,
        user: 'jo',
        uid: 1000,
        state: 'active',
        remoteHost: '198.51.100.7',
        service: 'sshd',
        leader: 4242,
        scope: 'session-3.scope',
        started: '2025-11-13T02:13:20.000042Z',
      },
    ]));

  it('gives nothing for a file that is none', () =>
    expect([...parseLoginSession(Buffer.from('STATE=active\n'))]).to.deep.equal([]));

  it('survives hostile bytes', () => survivesHostileBytes(parseLoginSession, sample));
});
