import { expect } from 'chai';
import { runJob, script } from '../../scripts/job.ts';

describe('runJob', () => {
  const node = (code: string): { program: string; args: string[] } => ({
    program: process.execPath,
    args: ['-e', code],
  });

  it('gives exit code and output of both streams', async () => {
    const result = await runJob(
      node('process.stdout.write("a"); process.stderr.write("b"); process.exitCode = 3'),
    );
    expect(result.code).to.equal(3);
    expect(result.output).to.be.oneOf(['ab', 'ba']);
  });

  it('has what runs in the background, and what that starts, last at the processors', async () => {
    const nested = `import(${JSON.stringify(import.meta.resolve('../../scripts/job.ts'))}).then(async ({ runJob, say }) =>
      say((await runJob({ program: 'sh', args: ['-c', 'nice; cat /proc/self/autogroup 2>/dev/null || echo none'] })).output))`;
    const { output } = await runJob({ ...node(nested), background: true });
    expect(output).to.match(/^19\n(?:\/autogroup-\d+ nice 19|none)$/m);
  });

  it('has exit code 127 when the program is missing', async () => {
    expect(await runJob({ program: 'no-such-program', args: [] })).to.include({ code: 127 });
  });

  it('interrupts what takes too long', async () => {
    const result = await runJob({ program: 'sleep', args: ['60'], limitMs: 50 });
    expect(result.code).to.equal(128);
    expect(result.output).to.include('over its time of 0.05 s');
  });

  it('lets an aborted program clean up', async () => {
    const up = new AbortController();
    process.once('SIGUSR2', () => up.abort());
    const code = `process.on("SIGINT", () => { console.log("cleaned"); process.exit(9); });
      console.log("up"); process.kill(process.ppid, "SIGUSR2"); setInterval(() => 0, 1000)`;
    const result = await runJob({ ...node(code), signal: up.signal });
    expect(result).to.include({ code: 9, output: 'up\ncleaned\n' });
  });

  it('does not leave a program running that was aborted before it began', async () => {
    const result = await runJob({ program: 'sleep', args: ['60'], signal: AbortSignal.abort() });
    expect(result.code).to.equal(128);
  });
});

describe('script', () => {
  it('runs on the Node that runs this', () => {
    expect(script('scripts/x.ts', 'a')).to.have.property('program', process.execPath);
  });
});
