import type { AccountedProcess } from '../accounting.ts';
import type { AuthorizedKey } from '../authorized-keys.ts';
import type { TypedCommand } from '../command-history.ts';
import type { CrontabLine } from '../crontab.ts';
import type { Group } from '../group.ts';
import { instantText } from '../instant.ts';
import type { KubeletConfiguration } from '../kubelet-config.ts';
import { type Kind, kind } from '../kind.ts';
import type { LastLogin } from '../lastlog.ts';
import type { LastLogin2, LoginSpan } from '../login-database.ts';
import type { LoginSession } from '../login-session.ts';
import type { Account } from '../passwd.ts';
import type { ShadowEntry } from '../shadow.ts';
import type { SshdSetting } from '../sshd-config.ts';
import type { SudoersLine } from '../sudoers.ts';
import { settingsOf, type Unit } from '../unit.ts';
import type { LoginRecord } from '../utmp.ts';

/** A login of whichever file told it. */
interface Login {
  readonly time?: string;
  readonly what: string;
  readonly user?: Buffer | string;
  readonly line?: Buffer | string;
  readonly from?: Buffer | string;
  readonly pid?: number;
}

/** Who may enter, who did, and what starts by itself. */
export const enteredKinds: readonly Kind[] = [
  kind<Login>(
    'logins',
    'who logged in or failed to, from where and when',
    ['utmp', 'lastlog', 'lastlog2', 'wtmpdb', 'login session'],
    {
      TIME: ({ time }) => time,
      WHAT: ({ what }) => what,
      USER: ({ user }) => user,
      LINE: ({ line }) => line,
      FROM: ({ from }) => from,
      PID: ({ pid }) => pid,
    },
    { rows: (record) => [loginOf(record)] },
  ),
  kind<Account>('accounts', 'accounts of the node', ['passwd'], {
    NAME: ({ name }) => name,
    UID: ({ uid }) => uid,
    GID: ({ gid }) => gid,
    HOME: ({ home }) => home,
    SHELL: ({ shell }) => shell,
    COMMENT: ({ comment }) => comment,
  }),
  kind<Group>('groups', 'groups and their members', ['group'], {
    NAME: ({ name }) => name,
    GID: ({ gid }) => gid,
    MEMBERS: ({ members }) => members,
  }),
  kind<ShadowEntry>('passwords', 'which accounts have a password, without the hashes', ['shadow'], {
    NAME: ({ name }) => name,
    STATE: ({ state }) => state,
    METHOD: ({ method }) => method,
    CHANGED: ({ changed }) => changed,
    EXPIRES: ({ expires }) => expires,
  }),
  kind<SudoersLine>('sudo', 'who may become whom', ['sudoers'], {
    KIND: ({ kind: sort }) => sort,
    WHO: (line) => (line.kind === 'rule' ? line.who : undefined),
    AS: (line) => (line.kind === 'rule' ? line.as : undefined),
    TAGS: (line) => (line.kind === 'rule' ? line.tags : undefined),
    WHAT: (line) => (line.kind === 'rule' ? line.commands : line.text),
  }),
  kind<AuthorizedKey>('keys', 'keys that let in', ['authorized keys'], {
    ACCOUNT: ({ account }) => account,
    TYPE: ({ type }) => type,
    FINGERPRINT: ({ fingerprint }) => fingerprint,
    COMMENT: ({ comment }) => comment,
    OPTIONS: ({ options }) => options,
  }),
  kind<SshdSetting>('sshd', 'settings of sshd', ['sshd configuration'], {
    SETTING: ({ keyword }) => keyword,
    VALUE: ({ value }) => value,
    MATCH: ({ match }) => match,
  }),
  kind<CrontabLine>('cron', 'what cron runs', ['crontab'], {
    WHEN: (line) => (line.kind === 'job' ? line.schedule : 'setting'),
    USER: (line) => (line.kind === 'job' ? line.user : undefined),
    WHAT: (line) => (line.kind === 'job' ? line.command : [`${line.name}=`, line.value]),
  }),
  kind<Unit>('units', 'what systemd starts', ['unit'], {
    UNIT: ({ name }) => name,
    RUNS: (unit) => runs(unit),
    WHEN: (unit) => when(unit),
    USER: (unit) => settingsOf(unit, 'Service', 'User'),
    'DROP-IN': ({ dropIn }) => (dropIn ? 'yes' : undefined),
  }),
  kind<TypedCommand>('history', 'what was typed into shells', ['command history'], {
    TIME: ({ time }) => time,
    COMMAND: ({ command }) => command,
  }),
  kind<AccountedProcess>('accounting', 'programs that ended', ['accounting'], {
    STARTED: ({ started }) => started,
    COMMAND: ({ command }) => command,
    UID: ({ uid }) => uid,
    PID: ({ pid }) => pid,
    PPID: ({ ppid }) => ppid,
    SECONDS: ({ elapsed }) => (elapsed / 100).toFixed(2),
    STATUS: ({ status }) => status,
    FLAGS: ({ flags }) => flags,
  }),
  kind<KubeletConfiguration>('kubelet', 'who may use the kubelet', ['kubelet configuration'], {
    ANONYMOUS: ({ anonymous }) => word(anonymous),
    AUTHORIZATION: ({ authorization }) => authorization,
    'READ-ONLY PORT': ({ readOnlyPort }) => readOnlyPort,
    'STATIC PODS': ({ staticPods, staticPodsUrl }) => staticPods ?? staticPodsUrl,
    'CLIENT CA': ({ clientCA }) => clientCA,
  }),
];

function loginOf(record: object): Login {
  if ('uid' in record && !('remote' in record)) {
    const { uid, time, line, host } = record as LastLogin;
    return { ...record, time, what: 'last', user: `uid ${uid}`, line, from: host };
  }
  if ('remote' in record) {
    const { started, user, tty, remoteHost, leader } = record as LoginSession;
    return strip({
      ...record,
      time: started,
      what: 'session',
      user,
      line: tty,
      from: remoteHost,
      pid: leader,
    });
  }
  if ('start' in record) {
    const { start, type, user, line, host } = record as LoginSpan;
    return strip({ ...record, time: start, what: type, user, line, from: host });
  }
  if ('seconds' in record) {
    const { seconds, microseconds, type, user, line, host, pid } = record as LoginRecord;
    return strip({
      ...record,
      time: instantText(seconds, microseconds, 6),
      what: type,
      user,
      line,
      from: host,
      pid,
    });
  }
  const { time, user, line, host } = record as LastLogin2;
  return strip({ ...record, time, what: 'last', user, line, from: host });
}

function strip(login: { readonly [K in keyof Login]: Login[K] | undefined }): Login {
  return Object.fromEntries(
    Object.entries(login).filter(([, value]) => value !== undefined),
  ) as unknown as Login;
}

const starts = ['ExecStartPre', 'ExecStart', 'ExecStartPost', 'ExecReload', 'ExecStop', 'ExecStopPost'];

function runs(unit: Unit): Buffer[] {
  return starts.flatMap((name) => settingsOf(unit, 'Service', name)).filter((value) => value.length > 0);
}

function when(unit: Unit): Buffer[] {
  const timers = ['OnCalendar', 'OnBootSec', 'OnUnitActiveSec', 'OnActiveSec', 'OnStartupSec'];
  return [
    ...timers.flatMap((name) => settingsOf(unit, 'Timer', name)),
    ...['ListenStream', 'ListenDatagram'].flatMap((name) => settingsOf(unit, 'Socket', name)),
    ...['PathExists', 'PathChanged', 'PathModified'].flatMap((name) => settingsOf(unit, 'Path', name)),
    ...settingsOf(unit, 'Install', 'WantedBy'),
  ];
}

function word(flag: boolean | undefined): string | undefined {
  return flag === undefined ? undefined : String(flag);
}
