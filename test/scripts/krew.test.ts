import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { load } from 'js-yaml';
import { fillManifest } from '../../scripts/krew.ts';

describe('krew-manifest.yaml', () => {
  const sha = 'a'.repeat(64);

  async function filled(): Promise<Record<string, never>> {
    const template = await readFile(new URL('../../krew-manifest.yaml', import.meta.url), 'utf8');
    const text = fillManifest(template, 'v1.2.3', { 'kubectl-ir-linux-amd64.tar.gz': sha });
    return load(text) as Record<string, never>;
  }

  it('is filled with version and digest, for the platforms that were built', async () => {
    expect(await filled())
      .to.have.nested.property('spec.platforms')
      .that.deep.equals([
        {
          selector: { matchLabels: { os: 'linux', arch: 'amd64' } },
          uri: 'RELEASES/v1.2.3/kubectl-ir-linux-amd64.tar.gz',
          sha256: sha,
          bin: 'kubectl-ir',
        },
      ]);
  });

  it("keeps krew's rules for what must be there", async () => {
    const manifest = await filled();
    expect(manifest).to.deep.include({
      apiVersion: 'krew.googlecontainertools.github.com/v1alpha2',
      kind: 'Plugin',
      metadata: { name: 'ir' },
    });
    expect(manifest).to.have.nested.property('spec.version', 'v1.2.3');
    expect(manifest)
      .to.have.nested.property('spec.shortDescription')
      .that.matches(/^[^\n]+$/);
    expect(manifest)
      .to.have.nested.property('spec.description')
      .that.does.not.match(/^\s*--/m);
  });

  it('refuses a platform that names no archive', () => {
    const template = 'spec: { version: x, platforms: [{ uri: x, sha256: x, bin: x }] }';
    expect(() => fillManifest(template, 'v1.2.3', {})).to.throw('no archive in the uri "x"');
  });
});
