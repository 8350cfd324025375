import type { ApiAuditEvent } from '../api-audit.ts';
import type { AuditRecord } from '../audit.ts';
import type { BodyfileEntry } from '../bodyfile.ts';
import type { ContainerLogLine } from '../container-log.ts';
import type { ElfHeader } from '../elf.ts';
import { instantText } from '../instant.ts';
import type { JournalEntry } from '../journal.ts';
import { type Kind, kind } from '../kind.ts';
import { type InstalledPackage, type PackageFile, withoutFiles } from '../package.ts';
import type { SyslogLine } from '../syslog.ts';

/** An entry whose fields are found by their name; one that came several times has a list. */
type NamedEntry = Omit<JournalEntry, 'fields' | 'packed'> & {
  readonly fields: ReadonlyMap<string, Buffer | readonly Buffer[]>;
};

/** Logs, files and packages. */
export const writtenKinds: readonly Kind[] = [
  kind<NamedEntry>(
    'journal',
    'what the journal of systemd holds',
    ['journal'],
    {
      TIME: ({ time }) => time,
      UNIT: ({ fields }) => first(fields, '_SYSTEMD_UNIT') ?? first(fields, '_TRANSPORT'),
      PROGRAM: ({ fields }) => first(fields, 'SYSLOG_IDENTIFIER') ?? first(fields, '_COMM'),
      PID: ({ fields }) => first(fields, '_PID'),
      MESSAGE: ({ fields }) => first(fields, 'MESSAGE'),
    },
    { rows: (record) => [named(record as JournalEntry)] },
  ),
  kind<SyslogLine>('syslog', 'lines of the system logs', ['syslog'], {
    TIME: ({ time, written }) => time ?? written,
    HOST: ({ host }) => host,
    PROGRAM: ({ program }) => program,
    PID: ({ pid }) => pid,
    MESSAGE: ({ message }) => message,
  }),
  kind<AuditRecord>('audit', 'the audit trail of the kernel', ['audit'], {
    TIME: ({ time }) => time,
    SERIAL: ({ serial }) => serial,
    TYPE: ({ type }) => type,
    'LOGIN UID': ({ fields }) => fields.get('auid'),
    PID: ({ fields }) => fields.get('pid'),
    WHAT: ({ fields }) => whatOf(fields),
  }),
  kind<ApiAuditEvent>('api-audit', 'the audit log of the API server', ['api audit'], {
    TIME: ({ time }) => time,
    USER: ({ user, impersonated }) => (impersonated === undefined ? user : [user, 'as', impersonated]),
    FROM: ({ sources }) => sources,
    VERB: ({ verb }) => verb,
    WHAT: ({ resource, subresource, namespace, name, uri }) =>
      resource === undefined
        ? uri
        : [namespace, resource, name, subresource].filter((part) => part !== undefined).join('/'),
    CODE: ({ code }) => code,
  }),
  kind<ContainerLogLine>('podlogs', 'what containers said', ['container log', 'docker log'], {
    TIME: ({ time }) => time,
    STREAM: ({ stream }) => stream,
    MESSAGE: ({ message }) => message,
  }),
  kind<BodyfileEntry>('files', 'names, times and modes of files', ['bodyfile'], {
    MODE: ({ mode }) => mode,
    UID: ({ uid }) => uid,
    GID: ({ gid }) => gid,
    SIZE: ({ size }) => size,
    MODIFIED: ({ modified }) => instantText(Math.floor(modified)),
    CHANGED: ({ changed }) => instantText(Math.floor(changed)),
    NAME: ({ name, target }) => (target === undefined ? name : [name, '->', target]),
  }),
  kind<ElfHeader>('programs', 'programs without a file that were kept', ['elf'], {
    TYPE: ({ type }) => type,
    MACHINE: ({ machine }) => machine,
    BITS: ({ bits }) => bits,
    ENTRY: ({ entry }) => entry.toString(16),
    SECTIONS: ({ sectionHeaders }) => sectionHeaders.count,
    LINKER: ({ interpreter }) => interpreter ?? 'static',
  }),
  kind<InstalledPackage>(
    'packages',
    'what is installed',
    ['dpkg status', 'apk database', 'rpm database'],
    {
      NAME: ({ name }) => name,
      VERSION: ({ version }) => version,
      ARCHITECTURE: ({ architecture }) => architecture,
      MANAGER: ({ manager }) => manager,
      STATE: ({ state }) => state ?? 'installed',
      SOURCE: ({ source }) => source,
    },
    { wide: ['SOURCE'], rows: (record) => [withoutFiles(record as InstalledPackage)] },
  ),
  kind<InstalledPackage>(
    'container-packages',
    'what is installed in the containers that run',
    ['container dpkg status', 'container apk database', 'container rpm database'],
    {
      CONTAINER: ({ container }) => container?.slice(0, 13),
      NAME: ({ name }) => name,
      VERSION: ({ version }) => version,
      ARCHITECTURE: ({ architecture }) => architecture,
      MANAGER: ({ manager }) => manager,
      STATE: ({ state }) => state ?? 'installed',
    },
  ),
  kind<PackageFile>(
    'package-files',
    'files of packages and what they should be',
    ['package sums', 'apk database', 'rpm database'],
    {
      PACKAGE: (file) => file.package,
      FILE: ({ path }) => path,
      ALGORITHM: ({ algorithm }) => algorithm,
      DIGEST: ({ digest }) => digest,
    },
    { rows: (record) => ('files' in record ? (record.files as PackageFile[]) : [record as PackageFile]) },
  ),
];

function named({ fields, seqnum, time, monotonic, boot, unreadable, offset }: JournalEntry): NamedEntry {
  const byName = new Map<string, Buffer | Buffer[]>();
  for (const [name, value] of fields) {
    const before = byName.get(name);
    if (Array.isArray(before)) before.push(value);
    else byName.set(name, before === undefined ? value : [before, value]);
  }
  return { seqnum, time, monotonic, boot, fields: byName, unreadable, offset };
}

function first(fields: NamedEntry['fields'], name: string): Buffer | undefined {
  const found = fields.get(name);
  return Buffer.isBuffer(found) ? found : found?.[0];
}

const telling = ['proctitle', 'exe', 'comm', 'name', 'acct', 'op', 'addr', 'key', 'res', 'success'];

function whatOf(fields: AuditRecord['fields']): Buffer[] {
  const told = telling.flatMap((name) => {
    const value = fields.get(name);
    return value === undefined ? [] : [Buffer.concat([Buffer.from(`${name}=`), value])];
  });
  if (told.length > 0) return told;
  return [...fields].map(([name, value]) => Buffer.concat([Buffer.from(`${name}=`), value]));
}
