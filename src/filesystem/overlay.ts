import type { Mount } from '../artifacts/mountinfo.ts';
import { lines } from '../artifacts/lines.ts';
import { driverOfRoot, unreadDriver } from './drivers.ts';
import { readMounts } from './mounts.ts';
import { pathText } from './path-text.ts';
import type { Blind } from './pod-diff.ts';

/** Layers of a container's root file system: absolute paths on the node. */
export interface Layers {
  readonly upper: string;
  /** Topmost first. */
  readonly lowers: readonly string[];
  /** Overlay keeps its marks in `user.` attributes (rootless, user namespaces). */
  readonly userAttributes: boolean;
  /** No overlay: `upper` is a full copy of the one lower directory, if there is one, with the changes made in it. */
  readonly copy?: boolean;
}

/** What a container's mount table says: its layers, or why they can't be known, and its other mounts. */
export interface RootMount {
  readonly driver: string;
  readonly layers?: Layers;
  /** Why there are no layers. */
  readonly unread?: Blind;
  readonly blind: readonly Blind[];
  readonly mounts: readonly Mount[];
}

/**
 * Reads /proc/PID/mountinfo of a container's first process. The root is the mount at `/` that lies on no other such mount:
 * a later one, made from inside, would only cover it, and is reported.
 */
export function rootMount(mountinfo: Buffer): RootMount {
  const mounts = readMounts(mountinfo);
  const roots = mounts.filter((mount) => mount.point.equals(Buffer.from('/')));
  const ids = new Set(roots.map((mount) => mount.id));
  const root = roots.find((mount) => !ids.has(mount.parent) || mount.parent === mount.id);
  if (root === undefined)
    return {
      driver: '',
      mounts,
      blind: [],
      unread: { what: 'file system', why: 'its mount table names no root' },
    };
  const blind = roots
    .filter((mount) => mount !== root)
    .map((mount) => ({
      what: `the ${mount.type} mounted over /`,
      why: 'the processes of the container see it in place of their image and its changes',
    }));
  if (root.type !== 'overlay') {
    const driver = pathText(driverOfRoot(root)).path;
    return { driver, mounts, blind, unread: unreadDriver(driver) };
  }
  const layers = overlayLayers(rawOptions(mountinfo, root.id));
  return {
    driver: 'overlay',
    mounts,
    blind,
    ...(typeof layers === 'string' ? { unread: { what: 'file system', why: layers } } : { layers }),
  };
}

/**
 * Layers of an overlay mount's options as the kernel prints them (fs/overlayfs/params.c, fs/seq_file.c): `,` and backslash in a
 * value are octal; `lowerdir=` separates by colons, a colon in a name being backslash and colon; `lowerdir+=` is one name each.
 * containerd writes long lists relative to the directory of its snapshots (core/mount/mount_linux.go), dockerd relative to its own.
 * A text is the reason why the layers can't be known.
 */
export function overlayLayers(options: string): Layers | string {
  const values = options.split(',').map((option) => {
    const equals = option.indexOf('=');
    return equals < 0
      ? { key: option, value: '' }
      : { key: option.slice(0, equals), value: option.slice(equals + 1) };
  });
  const all = (key: string): string[] =>
    values.filter((option) => option.key === key).map((option) => option.value);
  const upper = unescapeOctal(all('upperdir')[0] ?? '');
  if (!upper.startsWith('/'))
    return upper === '' ? 'its overlay has no writable layer' : 'its writable layer has a relative path';
  if (all('datadir+').length > 0 || all('lowerdir').some((value) => value.includes('::')))
    return 'its image uses data-only layers, which cannot be read yet';
  const base = upper.split('/').slice(0, -2).join('/');
  const names = [
    ...all('lowerdir').flatMap((value) => splitColons(unescapeOctal(value))),
    ...all('lowerdir+').map(unescapeOctal),
  ];
  if (names.length === 0 || names.includes('')) return 'its overlay names no layers of an image';
  return {
    upper,
    lowers: names.map((name) => (name.startsWith('/') ? name : `${base}/${name}`)),
    userAttributes: values.some((option) => option.key === 'userxattr'),
  };
}

/** Splits at colons without a backslash before them; a backslash stands for the byte behind it. */
function splitColons(text: string): string[] {
  return Array.from(text.matchAll(/((?:\\.|[^\\:])*)(?::|$)/gs), (match) => match[1] ?? '')
    .slice(0, -1)
    .map((name) => name.replace(/\\(.)/gs, '$1'));
}

/** Last field of a mount's line, escapes kept. */
function rawOptions(mountinfo: Buffer, id: number): string {
  for (const line of lines(mountinfo)) {
    const words = line.bytes.toString('latin1').split(' ');
    if (words[0] === String(id)) return words.at(-1) ?? '';
  }
  return '';
}

function unescapeOctal(text: string): string {
  return text.replace(/\\([0-3][0-7]{2})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}
