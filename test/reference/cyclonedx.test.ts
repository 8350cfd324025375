import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { containersCyclonedx, cyclonedx } from '../../src/artifacts/cyclonedx.ts';
import { parseDpkgStatus } from '../../src/artifacts/dpkg.ts';
import { isMalformed } from '../../src/artifacts/lines.ts';
import { parseOsRelease } from '../../src/artifacts/os-release.ts';
import type { InstalledPackage } from '../../src/artifacts/package.ts';
import { inSandbox } from '../evidence/sandbox.ts';
import { pythonPackage, runPython } from '../support/python.ts';

/** Checks a bill against the schema of the standard, and prints what its own reader makes of each package URL. */
const program = `
import json, sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL
text = open(sys.argv[1]).read()
error = JsonStrictValidator(SchemaVersion.V1_5).validate_str(text)
print(json.dumps({
    'error': None if error is None else str(error),
    'purls': [[p.type, p.namespace, p.name, p.version, p.qualifiers.get('distro')]
              for p in (PackageURL.from_string(c['purl']) for c in json.loads(text)['components'] if 'purl' in c)],
}))
`;

const hostile: InstalledPackage = {
  manager: 'apk',
  name: 'x@y?z#\u001b/\u2028"',
  version: '1%41 &=;',
  architecture: '',
  vendor: '\u0000',
};

describe('bill of materials and the library of CycloneDX', function () {
  this.timeout(180_000);

  it('is valid by the schema, and every package URL is read as it was meant', () =>
    inSandbox(async (dir) => {
      const packages = [hostile];
      for (const one of parseDpkgStatus(readFileSync('/var/lib/dpkg/status')))
        if (!isMalformed(one)) packages.push(one);
      const installed = packages.filter(({ state }) => state === undefined);
      const system = parseOsRelease(readFileSync('/etc/os-release'));
      const tool = { name: 'kubectl-ir', version: 'v0.1.0' };
      const bom = cyclonedx(packages, { name: 'node-a', time: '2026-11-22T04:15:00.000Z', system, tool });
      const file = join(dir, 'bom.json');
      await writeFile(file, JSON.stringify(bom));
      const library = await pythonPackage('cyclonedx-python-lib[json-validation]', '11.12.0');
      const { error, purls } = JSON.parse(await runPython(library, program, [file])) as {
        error: unknown;
        purls: string[][];
      };
      expect(error).to.equal(null);
      const containers = ['a1', 'b1'].map((id) => ({ id, packages, system }));
      const subject = { name: 'node-a', time: '2026-11-22T04:15:00.000Z', tool };
      await writeFile(file, JSON.stringify(containersCyclonedx(containers, subject)));
      expect(JSON.parse(await runPython(library, program, [file]))).to.deep.equal({ error: null, purls: [] });
      const id = system.get('ID');
      const distro = `${id ?? ''}-${system.get('VERSION_ID') ?? ''}`;
      const types = { dpkg: 'deb', apk: 'apk', rpm: 'rpm' } as const;
      expect(purls.map((one) => JSON.stringify(one))).to.deep.equal(
        installed.map(({ manager, name, version }) =>
          JSON.stringify([types[manager], id, name, version, distro]),
        ),
      );
    }));
});
