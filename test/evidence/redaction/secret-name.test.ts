import { expect } from 'chai';
import { isSecretName } from '../../../src/evidence/redaction/secret-name.ts';

describe('isSecretName', () => {
  it('knows names of passwords, keys and tokens', () => {
    for (const name of [
      'DB_PASSWORD',
      '--api-key',
      'clientSecret',
      'AWS_SECRET_ACCESS_KEY',
      'token',
      'Authorization',
      'PGPASSWD',
      'x-auth',
      'Cookie',
      'client-key-data',
    ])
      expect(isSecretName(name), name).to.equal(true);
    for (const name of ['PATH', 'author', 'keyboard', 'HOSTNAME', '--port', 'monkey'])
      expect(isSecretName(name), name).to.equal(false);
  });
});
