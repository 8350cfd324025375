import { expect } from 'chai';
import { createProgress } from '../../../src/output/progress.ts';
import { printVerification } from '../../../src/subcommands/verify-fix/present.ts';
import type { FixVerification } from '../../../src/subcommands/verify-fix/verification.ts';
import { memoryIo } from '../../support/memory-io.ts';

const place = { node: 'node-a', namespace: 'prod', pod: 'shop-1', container: 'web' };
const curl = { kind: 'change', what: 'modified', title: 'modified /usr/bin/curl\u001b[2J', place } as const;
const verification: FixVerification = {
  verdict: 'LEFT',
  isolations: [
    {
      pod: { namespace: 'prod', name: 'shop-1', uid: 'u', node: 'node-a' },
      state: 'HOLDS',
      reasons: [],
      drift: ['label app=shop is back on the pod'],
    },
  ],
  nodes: [],
  traces: [
    { ...curl, state: 'still', seen: [place, { ...place, pod: 'shop-2' }] },
    {
      ...curl,
      kind: 'finding',
      what: 'x',
      title: 'a cron file',
      severity: 'high',
      state: 'not looked at',
      seen: [],
      why: 'no sockets',
    },
    { ...curl, title: 'added /tmp/x', state: 'gone', seen: [] },
  ],
  otherChanges: 2,
  unseen: ['node node-b: NotReady'],
};

async function printed(output?: string): Promise<{ out: string; err: string }> {
  const io = memoryIo();
  await printVerification(io, createProgress(io), '/case', verification, output);
  return { out: io.out(), err: io.err() };
}

describe('printVerification', () => {
  it('says the verdict first, then what is left and what is not known, with its place, escaped', async () => {
    const { out, err } = await printed();
    expect(out.split('\n')).to.deep.equal([
      'LEFT   1 of 3 still there, 1 not looked at, 1 gone',
      'STATE           WHAT                            WHERE                                                                     WHY          DO',
      'HOLDS           isolation                       prod/shop-1 on node-a',
      'still           modified /usr/bin/curl\\x1b[2J   prod/shop-1/web on node-a (the isolated pod), prod/shop-2/web on node-a                roll out an image and volumes without it, then run this again',
      'not looked at   HIGH a cron file                prod/shop-1/web on node-a (the isolated pod)                              no sockets   mend why it was not seen, then run this again',
      '',
    ]);
    expect(err.split('\n')).to.deep.equal([
      'warning: drift: pod/shop-1 in namespace prod: label app=shop is back on the pod',
      'warning: not looked at: node node-b: NotReady',
      'Beside    2 changes of containers that are none of the case; see: kubectl ir diff pod',
      '',
    ]);
  });

  it('has what is gone in the wide table, and names alone', async () => {
    expect((await printed('wide')).out).to.match(/^gone +added \/tmp\/x +prod\/shop-1\/web on node-a/m);
    expect((await printed('name')).out).to.match(
      /^still\/modified\/prod\/shop-1\/web on node-a\nnot-looked-at\/x/,
    );
  });
});
