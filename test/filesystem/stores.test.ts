import { expect } from 'chai';
import type { RuntimeProcess } from '../../src/filesystem/runtimes.ts';
import { configurationFiles, storesOf } from '../../src/filesystem/stores.ts';

const containerd = (words: string[], files: string[] = []): RuntimeProcess => ({
  pid: 7,
  program: 'containerd',
  words: ['containerd', ...words],
  files,
});
const texts = (
  processes: readonly RuntimeProcess[],
  configuration: Readonly<Record<string, string>> = {},
  table = '',
): string[] =>
  storesOf(
    processes,
    new Map(Object.entries(configuration).map(([path, text]) => [path, Buffer.from(text)])),
    Buffer.from(table, 'latin1'),
  ).map(({ kind, root }) => `${kind} ${root}`);
const usual = texts([]);

/** What is found beside the usual places. */
function more(found: readonly string[]): string[] {
  return found.filter((store) => !usual.includes(store));
}

describe('where runtimes keep containers', () => {
  it('is the usual places when nothing says otherwise', () => {
    expect(usual).to.include.members([
      'containerd /var/lib/containerd',
      'containerd /var/lib/rancher/k3s/agent/containerd',
      'docker /var/lib/docker',
      'containers /var/lib/containers/storage',
    ]);
  });

  it('is told by open databases first, then command lines, configuration and mounts', () => {
    const found = texts(
      [
        containerd(
          ['--root', '/flag'],
          ['/open/io.containerd.metadata.v1.bolt/meta.db', '/open/x.db', '/a/meta.db'],
        ),
        {
          pid: 8,
          program: 'dockerd',
          words: ['dockerd', '--data-root=/dockers'],
          files: ['/d/buildkit/cache.db'],
        },
        { pid: 9, program: 'crio', words: ['crio', '--root', '/crio'], files: [] },
      ],
      {
        '/etc/containerd/config.toml': 'version = 3\nroot = "/configured"\n',
        '/etc/docker/daemon.json': '{"data-root":"/docker-configured"}',
        '/etc/crio/crio.conf.d/10.conf': '[crio]\nroot = "/crio-configured"\n',
        '/etc/containers/storage.conf': '[storage]\ndriver = "overlay"\ngraphroot = "/graph"\n',
      },
      [
        '10 5 0:40 / /run/x rw - overlay overlay rw,lowerdir=/m/io.containerd.snapshotter.v1.overlayfs/snapshots/1/fs,upperdir=/m/io.containerd.snapshotter.v1.overlayfs/snapshots/2/fs',
        `11 5 0:41 / /run/y rw - overlay overlay rw,lowerdir=/n/overlay2/l/A,upperdir=/n/overlay2/${'a'.repeat(64)}/diff`,
        `12 5 0:42 / /run/z rw - overlay overlay rw,lowerdir=/o/overlay/l/A,upperdir=/o/overlay/${'a'.repeat(64)}/diff`,
        '13 5 0:43 / /run/w rw - overlay overlay rw,lowerdir=/l,upperdir=/u\n',
      ].join('\n'),
    );
    expect(more(found)).to.deep.equal([
      'containerd /open',
      'docker /d',
      'containerd /flag',
      'docker /dockers',
      'containers /crio',
      'containerd /configured',
      'docker /docker-configured',
      'containers /crio-configured',
      'containers /graph',
      'containerd /m',
      'docker /n',
      'containers /o',
    ]);
  });

  it('includes what containerd was told of its snapshotters', () => {
    const config = '[plugins."io.containerd.snapshotter.v1.overlayfs"]\nroot_path = "/fast/overlays"\n';
    const [store] = storesOf([], new Map([['/etc/containerd/config.toml', Buffer.from(config)]]), undefined);
    expect(store?.snapshotters).to.deep.equal({ overlayfs: '/fast/overlays' });
  });

  it('is no path that is relative, leads up, or is no text', () => {
    const configuration = {
      '/etc/containerd/config.toml': 'root = "relative"',
      '/etc/crio/crio.conf': '[crio]\nroot = ["/a"]',
      '/etc/docker/daemon.json': '{"data-root":"/a/../../b"}',
      '/etc/containers/storage.conf': 'not toml [',
      '/etc/containerd/conf.d/a.toml': 'root = """\n',
    };
    expect(more(texts([containerd(['--root', '../x'])], configuration))).to.deep.equal([]);
  });

  it('asks for the configuration that a command line names', () => {
    expect(configurationFiles([containerd(['-c', '/opt/c.toml', '--config=../x'])])).to.include(
      '/opt/c.toml',
    );
    expect(configurationFiles([containerd(['--config=../x'])])).not.to.include('../x');
  });
});
