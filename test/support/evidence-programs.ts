import type { Needs } from './packages.ts';

/** Stock programs that check what we make of evidence. */
export const evidencePrograms: Needs = {
  '/usr/bin/age': 'age',
  '/usr/bin/zstd': 'zstd',
  '/usr/bin/unzip': 'unzip',
  '/usr/bin/zip': 'zip',
  '/usr/bin/setpriv': 'util-linux',
  '/usr/bin/utmpdump': 'util-linux',
  '/usr/bin/lastlog': 'login',
  '/bin/journalctl': 'systemd',
  '/usr/bin/readelf': 'binutils',
  '/usr/bin/lsof': 'lsof',
};
