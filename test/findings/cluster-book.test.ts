import { expect } from 'chai';
import { ClusterBook } from '../../src/findings/cluster-book.ts';
import { agent, podList, podObject, web } from './traces-lab.ts';

const place = 'live_response/kubernetes';

describe('a book of what the cluster says', () => {
  const book = new ClusterBook();
  const take = (name: string, text: string, acquisition = 'a'): string | undefined =>
    book.add(`${place}/${name}`, { acquisition, item: 1, name }, Buffer.from(text));

  it('keeps the last look at a pod, and one that was there before', () => {
    expect(book.traces().pods).to.equal(undefined);
    take('pods.json', podList(podObject(web), podObject(agent)));
    take('pods.json', podList(podObject(web, { name: 'anew' })), 'b');
    const names = book.traces().pods?.map(({ value, source }) => `${value.name} ${source.acquisition}`);
    expect(names).to.deep.equal(['web a', 'anew b']);
    expect(book.traces().kubeletPods).to.equal(undefined);
    take('kubelet/pods.json', podList());
    expect(book.traces().kubeletPods).to.deep.equal([]);
  });
  it('keeps suspects, and bindings and roles by acquisition', () => {
    take('pods/web.json', JSON.stringify(podObject(web)));
    const role = { metadata: { name: 'r' }, rules: [] };
    take('clusterroles.json', JSON.stringify({ items: [role] }), 'a');
    take('roles/r.json', JSON.stringify(role), 'b');
    const { suspects, access } = book.traces();
    expect(suspects.map(({ value }) => value.name)).to.deep.equal(['web']);
    expect([...access].map(([name, { roles }]) => `${name} ${roles.length}`)).to.deep.equal(['a 1', 'b 1']);
  });
  it('says what an answer is not', () => {
    expect([
      take('pods-2.json', 'no'),
      take('pods/x.json', '{}'),
      take('rolebindings.json', 'no'),
    ]).to.deep.equal(['it is no list of pods', 'it is no pod', 'it is no list of bindings or roles']);
    expect(['pods.json', 'kubelet/pods.json', 'clusterroles/x.json'].map(isWanted)).to.not.include(false);
    expect(['events.json', 'kubelet/configz.json'].map(isWanted)).to.not.include(true);
  });
});

function isWanted(name: string): boolean {
  return ClusterBook.wants(`${place}/${name}`);
}
