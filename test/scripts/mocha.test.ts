import { expect } from 'chai';
import { runJob, script } from '../../scripts/job.ts';

describe('the runner of tests', function () {
  this.timeout(30_000);
  const run = (...flags: string[]): ReturnType<typeof runJob> =>
    runJob(script('scripts/mocha.ts', ...flags, 'test/fixtures/skips.ts'));

  it('counts what was skipped with its suite or alone, and says why', async () => {
    const { code, output } = await run('--pending');
    expect(output).to.match(/1 passing .*\s+3 pending/);
    expect(output).to.include('skipped 2: needs a moon (wait for the night)\n');
    expect(output).to.include('skipped 1: needs two moons (wait for the night)\n');
    expect(code).to.equal(0);
  });

  it('fails for what was skipped where nothing may be', async () => {
    const { code, output } = await run();
    expect(output).to.match(/1 passing .*\s+3 failing/);
    expect(code).to.equal(1);
  });
});
