import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { commonText, namedScript, scriptText } from '../../src/collector/scripts.ts';

const directory = join(import.meta.dirname, '../../src/collector/scripts');

describe('scripts for the node', function () {
  this.timeout(30_000);

  it('are found by name, and nothing else is', () => {
    expect(scriptText('self-check')).to.contain('command -v');
    expect(namedScript('self-check')).to.deep.equal({
      name: 'self-check',
      text: scriptText('self-check'),
    });
    expect(() => scriptText('../../../etc/passwd')).to.throw('is not the name of a script');
    expect(() => scriptText('')).to.throw('is not the name of a script');
  });

  it('are parsed by busybox together with what is put before them', () => {
    for (const file of readdirSync(directory)) {
      const text = commonText() + scriptText(file.replace('.sh', ''));
      const { status, stderr } = spawnSync('busybox', ['sh', '-n'], { input: text });
      expect(status, `${file}: ${stderr.toString()}`).to.equal(0);
    }
  });
});
