import { expect } from 'chai';
import { parsePodLink } from '../../src/containment/link.ts';
import {
  composed,
  findLink,
  loadRules,
  placeRoutes,
  removeInside,
  removeRoutes,
  unloadTables,
} from '../../src/containment/node-side.ts';
import { OperationError } from '../../src/output/errors.ts';
import { fakeNode, ordinaryLink } from './fake-node.ts';
import { ruleInput } from './rules/rules-lab.ts';
import { shopSubject, uid } from './subjects.ts';

const { signal } = new AbortController();
const link = { ...parsePodLink(ordinaryLink), words: ['the-uid'] };
const caught = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error);
const tables = (name: string): string[] =>
  ['netdev', 'inet', 'bridge'].flatMap((family) => [family, `ir-${name}-${uid}`]);

describe('the node side', () => {
  it('looks for the pod by address, uid in both spellings and container ids', async () => {
    const { collector, calls } = fakeNode(['nft'], () => ({ stdout: ordinaryLink }));
    const found = await findLink(collector, shopSubject(), signal);
    expect(found.links[0]?.name).to.equal('veth9bd0b104');
    expect(found.words).to.deep.equal([uid, uid.replaceAll('-', '_'), 'b'.repeat(64)]);
    expect(calls[0]?.args).to.deep.equal(['10.244.1.7', ...found.words]);
  });

  it('says that nothing of the pod runs there', async () => {
    const { collector } = fakeNode([], () => ({ exitCode: 3 }));
    for (const work of [
      findLink(collector, shopSubject(), signal),
      loadRules(collector, 'x', 'node', { link, signal }),
      loadRules(collector, 'x', 'pod', { link, signal }),
      placeRoutes(collector, 'inside', { rules: ruleInput, link, addresses: [], signal }),
    ])
      expect(await caught(work)).to.be.instanceOf(OperationError);
  });

  it('tells what was said on the node, in one safe line', async () => {
    const { collector } = fakeNode(['nft'], () => ({ exitCode: 1, stderr: '\nError: \u001b[31mno\nmore' }));
    const error = (await caught(loadRules(collector, 'x', 'node', { link, signal }))) as OperationError;
    expect(error.message).to.equal('cannot load nft rules on node node-a: Error: \\x1b[31mno');
    for (const work of [
      unloadTables(collector, uid, ['cut'], signal),
      removeRoutes(collector, uid, signal),
      removeInside(collector, uid, ['inside'], signal),
    ])
      expect(await caught(work)).to.be.instanceOf(OperationError);
  });

  it('loads rules on the node or in the pod, and says how long the node took', async () => {
    const { collector, calls } = fakeNode(['nft'], () => ({ stdout: Buffer.from('took 16\n') }));
    expect(await loadRules(collector, 'R', 'node', { link, signal })).to.equal(0.016);
    expect(await loadRules(collector, 'R', 'pod', { link, signal })).to.equal(0.016);
    expect(calls.map(({ args, input }) => [...args, input])).to.deep.equal([
      ['node', '4242', 'net:[4026532741]', 'the-uid', 'R'],
      ['pod', '4242', 'net:[4026532741]', 'the-uid', 'R'],
    ]);
  });

  it('routes with the address that is probed, those of the pod, and links that are routed', async () => {
    const { collector, calls } = fakeNode([], () => undefined);
    const at = { rules: ruleInput, link, addresses: ['10.244.2.7', 'fd00::7'], signal };
    const links = [
      { name: 'veth1', attachment: 'routed' },
      { name: 'veth2', attachment: 'bridge' },
    ] as const;
    await placeRoutes(collector, 'cut', { ...at, link: { ...link, links } });
    await placeRoutes(collector, 'inside', at);
    await placeRoutes(collector, 'inside', { ...at, rules: { ...ruleInput, ports: [] } });
    expect(calls.map(({ args }) => args.join(' '))).to.deep.equal([
      '0x5f0c1e7a cut pid 4242 space net:[4026532741] word the-uid probed 10.244.2.7 address 10.244.2.7 address fd00::7 link veth1',
      '0x5f0c1e7a inside pid 4242 space net:[4026532741] word the-uid source 10.244.2.1 link eth0',
      '0x5f0c1e7a inside pid 4242 space net:[4026532741] word the-uid link eth0',
    ]);
  });

  it('removes what has the uid, in every family', async () => {
    const { collector, calls } = fakeNode(['nft'], () => ({ stdout: Buffer.from('2\n') }));
    await unloadTables(collector, uid, ['cut', 'mark'], signal);
    await removeRoutes(collector, uid, signal);
    expect(await removeInside(collector, uid, ['inside', 'count'], signal)).to.equal(2);
    await removeInside(collector, uid, ['count'], signal);
    const words = [uid, uid.replaceAll('-', '_'), '--'];
    expect(calls.map(({ args }) => args)).to.deep.equal([
      [...tables('cut'), 'inet', `ir-mark-${uid}`],
      ['0x5f0c1e7a'],
      ['0x5f0c1e7a', ...words, `ir-inside-${uid}`, `ir-count-${uid}`],
      ['none', ...words, `ir-count-${uid}`],
    ]);
  });

  it('puts scripts on top of each other', () => {
    const script = composed('tries', 'reach');
    expect(script.name).to.equal('reach');
    expect(script.text).to.match(/^# shellcheck shell=sh\n# Sourced before[\s\S]*# reach\.sh SECONDS/);
  });
});
