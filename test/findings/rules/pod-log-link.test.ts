import { expect } from 'chai';
import { podLogLink } from '../../../src/findings/rules/pod-log-link.ts';
import { seenBy, web } from '../traces-lab.ts';

describe('rule pod-log-link', () => {
  it('finds a link out of the logs', () => {
    expect(
      seenBy(podLogLink, {
        '[root]/var/log/pods/prod_web_1/main/0.log': { target: '/etc/shadow' },
        'bodyfile/bodyfile.txt':
          '0|/var/log/pods/prod_web_1/main/1.log -> ../../../../../etc/shadow|1|lrwxrwxrwx|0|0|1|1|1|1|0\n',
      }),
    ).to.deep.equal(['high: it leads out of the logs', 'high: it leads out of the logs']);
  });
  it('leaves those of docker alone', () => {
    expect(
      seenBy(podLogLink, {
        '[root]/var/log/pods/prod_web_1/main/0.log': {
          target: `/var/lib/docker/containers/${web.id}/${web.id}-json.log`,
        },
      }),
    ).to.deep.equal([]);
  });
});
