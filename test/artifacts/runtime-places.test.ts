import { expect } from 'chai';
import {
  containerdStates,
  containerdStores,
  runtimeSocket,
  socketDirectories,
} from '../../src/artifacts/runtime-places.ts';
import { scriptText } from '../../src/collector/scripts.ts';

describe('places of runtimes', () => {
  /** The words of the loop over a variable in the script that looks through them. */
  const loopOver = (variable: string): string[] => {
    const words = new RegExp(`for ${variable} in ([^;]*);`).exec(scriptText('paths'))?.[1] ?? '';
    return words.split(/[\s\\]+/).map((word) => `/${word}`);
  };

  it('are those that the collector looks through', () => {
    expect(loopOver('ir_state')).to.have.members([...containerdStates]);
    expect(loopOver('ir_store')).to.have.members([...containerdStores]);
  });

  it('hold sockets that are known by their names', () => {
    for (const place of socketDirectories) expect(`${place}/containerd.sock`).to.match(runtimeSocket);
    for (const path of ['/run/app.sock', '/run/containerd.sock.bak', '/run/containerd.sock.ttrpc'])
      expect(path).not.to.match(runtimeSocket);
  });
});
