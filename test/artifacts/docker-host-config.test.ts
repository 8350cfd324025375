import { expect } from 'chai';
import type { ContainerRecord } from '../../src/artifacts/container-record.ts';
import { parseDockerHostConfig } from '../../src/artifacts/docker-host-config.ts';
import { survivesHostileBytes } from './hostile.ts';
import { ofDocker } from './runtimes.ts';

const path = Buffer.from(`[root]/var/lib/docker/containers/${'ab'.repeat(32)}/hostconfig.json`);
const parse = (bytes: Buffer): ContainerRecord =>
  [...parseDockerHostConfig(bytes, path)][0] as ContainerRecord;

describe('settings of a container of docker', () => {
  it('say which namespaces of the node it is in', () => {
    const own = ({ namespaces = [] }: ContainerRecord): string[] => namespaces.map(({ type }) => type);
    expect(own(parse(ofDocker('failed').settings))).to.deep.equal(['mount', 'pid', 'network', 'ipc', 'uts']);
    expect(own(parse(ofDocker('pod').settings))).to.deep.equal(['mount', 'network', 'ipc']);
  });

  it('say that it is privileged', () => {
    expect(parse(ofDocker('refused').settings)).to.include({ privileged: true, allDevices: true });
    expect(parse(ofDocker('refused').settings).maskedPaths).to.deep.equal([]);
    const plain = parse(ofDocker('failed').settings);
    expect(plain).to.include({ privileged: false, allDevices: false });
    expect(plain.maskedPaths).to.include('/proc/kcore');
  });

  it('say which capabilities and devices were added, and which processors', () => {
    const settings = {
      NetworkMode: 'host',
      CapAdd: ['SYS_ADMIN', 'cap_bpf', 7],
      Devices: [{ PathOnHost: '/dev/sda' }, null],
      NanoCpus: 1_500_000_000,
      MaskedPaths: 'none',
    };
    expect(parse(Buffer.from(JSON.stringify(settings)))).to.deep.include({
      capabilities: ['SYS_ADMIN', 'BPF'],
      devices: ['/dev/sda'],
      processors: 1.5,
      maskedPaths: [],
    });
  });

  it('are none elsewhere, and when they are something else', () => {
    const { settings } = ofDocker('pod');
    const none = { malformed: 'no settings of a container of docker', offset: 0 };
    expect([...parseDockerHostConfig(settings, Buffer.from('[root]/x/hostconfig.json'))]).to.deep.equal([
      none,
    ]);
    for (const bytes of [settings.subarray(0, 100), Buffer.from('{}'), Buffer.from('7')])
      expect([...parseDockerHostConfig(bytes, path)]).to.deep.equal([none]);
    survivesHostileBytes((bytes) => parseDockerHostConfig(bytes, path), settings);
  });
});
