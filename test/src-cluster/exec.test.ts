import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { ApiError, OperationError } from '../../src/output/errors.ts';
import { fakeCluster } from '../fake-api/fake-cluster.ts';
import { failureOf } from '../support/failure.ts';
import { execOn } from './exec-on.ts';

describe('execStream', () => {
  const cluster = fakeCluster();
  const run = execOn(cluster);

  it('delivers output, the exit code and stderr', async () => {
    const data = randomBytes(300_000);
    const got: Buffer[] = [];
    cluster.fake.onExec(async (exec) => {
      for (let at = 0; at < data.length; at += 32768) await exec.write(data.subarray(at, at + 32768));
      await exec.writeError('careful\n');
      await exec.exit(7);
    });
    const result = await run({ stdout: (chunk) => void got.push(chunk) });
    expect(Buffer.concat(got).equals(data)).to.equal(true);
    expect(result).to.deep.equal({ exitCode: 7, bytes: data.length, stderr: 'careful\n' });
  });

  it('asks for stdin only when there is something to send, and repeats the command word by word', async () => {
    await run({ command: ['sh', '-c', 'a b&c=d'] });
    const query = cluster.fake.requests[0]?.query;
    expect(query?.getAll('command')).to.deep.equal(['sh', '-c', 'a b&c=d']);
    expect(query?.get('stdin')).to.equal('false');
    expect(query?.get('container')).to.equal('app');
  });

  it('does not dial when it is aborted already', async () => {
    const error = await failureOf(run({ signal: AbortSignal.abort(new OperationError('stop')) }));
    expect(error.message).to.equal('stop');
    expect(cluster.fake.requests).to.have.length(0);
  });

  it('gives the server’s words when the upgrade is refused', async () => {
    cluster.fake.deny({ verb: 'get', resource: 'pods/exec' });
    const error = await failureOf(run());
    expect(error).to.be.instanceOf(ApiError).with.property('status', 403);
    expect(error.message).to.match(/^pods "web" is forbidden: User "jane" cannot get resource "pods\/exec"/);
  });

  it('speaks v4 to an older server, without half-close', async () => {
    cluster.fake.protocols = ['v4.channel.k8s.io'];
    cluster.fake.onExec((exec) => exec.exit(exec.protocol === 'v4.channel.k8s.io' ? 4 : 5));
    let closing: Promise<Error> | undefined;
    const result = await run({
      onStart: (control) => {
        closing = failureOf(control.closeInput());
      },
    });
    expect(result.exitCode).to.equal(4);
    expect((await closing)?.message).to.match(/cannot end the input/);
  });
});
