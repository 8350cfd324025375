import type { Section } from '../../../src/incident/report/document.ts';
import { markdownPage } from '../../../src/incident/report/markdown/page.ts';
import type { Report } from '../../../src/incident/report/report.ts';

/** Strings that try to be more than text, in HTML, in Markdown, in a terminal, and for the eye. */
export const hostile: readonly string[] = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</title></svg></style><svg onload=alert(1)>',
  '<!--',
  ']]>',
  'javascript:alert(1)',
  '[click](https://evil.example/) ![](https://evil.example/x.png) <https://evil.example>',
  'https://evil.example/ www.evil.example',
  'a | b \\| c \\\\| d `e` ``f`` | <img src=x onerror=alert(1)>',
  '`<img src=x>\\`|`<img src=x>',
  '# not a heading',
  '    not code',
  '- not a list',
  '1. not a list',
  '> not a quote',
  '***',
  '---',
  '```',
  '&lt;b&gt; &#60;',
  '$x$ *a* _b_ ~~c~~ **d**',
  'two\nlines\r\nand\u2028more',
  '\u001b[31mred\u001b]0;title\u0007',
  'a\u202egnp.exe\u2066b\u200bc\ufeffd',
  '\u0000\u0001\u007f\u009b',
  'a'.repeat(300),
  '\ud800 lone',
  '{{constructor.constructor(1)()}}',
  '+cmd|calc',
];

/** A report in which every list has something. */
export function sampleReport(): Report {
  const time = '2026-11-22T04:15:00Z';
  const later = '2026-11-22T05:00:00Z';
  return {
    apiVersion: 'kubectl-ir/v1',
    kind: 'Report',
    program: 'v0',
    redacted: false,
    case: {
      name: 'ir-1',
      number: '2026-17',
      evidenceNumbers: ['E1'],
      examiner: 'J. Doe',
      organisation: 'Example',
      created: time,
      target: 'web',
      state: 'sealed',
      head: { line: 9, time: later, sha256: 'ab'.repeat(32), file: 'custody-after-seal.jsonl' },
      signatures: [{ keyType: 'ssh-ed25519', fingerprint: 'SHA256:abc' }],
      acquisitions: {
        items: [
          {
            name: 'acquisition-1',
            collection: 'node',
            target: 'node-a',
            outcome: 'complete',
            started: time,
            finished: later,
            items: 3,
            bytes: 20,
            sensitive: 1,
            gaps: 1,
            clock: { skewMs: 12, exactToMs: 3 },
          },
        ],
        total: 2,
        command: 'kubectl ir case show',
      },
      unreadable: {
        items: [{ name: 'acquisition-3', reason: "acquisition.json can't be read (EACCES)" }],
        total: 2,
        command: 'kubectl ir case show',
      },
    },
    summary: {
      verdict: 'LEAKS',
      contained: 'Not contained.',
      happened: ['something'],
      since: 'since then',
      unknown: ['much'],
    },
    course: {
      facts: { severity: 'high', area: 'web', reporter: 'Jane', seen: 'odd', began: time, detected: time },
      moves: {
        items: [
          { phase: 'open', time, by: 'jane@laptop', line: 1 },
          { phase: 'contain', time: later, by: 'jane@laptop', line: 5, decidedBy: 'Ann', why: 'spread' },
        ],
        total: 2,
        command: 'kubectl ir case log ir-1',
      },
      tasks: {
        items: [
          { id: 1, text: 'patch', phase: 'contain', owner: 'Bob', due: later, made: time },
          { id: 2, text: 'tell', phase: 'open', made: time, done: { time: later, by: 'jane@laptop' } },
        ],
        total: 3,
        command: 'kubectl ir case show ir-1',
      },
      openTasks: 1,
      entries: {
        items: [
          { kind: 'decision', time, by: 'jane@laptop', line: 3, text: 'cut it', decidedBy: 'Ann' },
          { kind: 'message', time, by: 'jane@laptop', line: 4, text: 'to Bob' },
        ],
        total: 3,
        command: 'kubectl ir case log ir-1',
      },
      steps: {
        items: [
          { playbook: 'miner', step: '2', outcome: 'done', time, by: 'jane@laptop', line: 6, remark: 'ok' },
        ],
        total: 2,
        command: 'kubectl ir case log ir-1',
      },
      moments: {
        began: { time, shown: 'said' },
        detected: { time, shown: 'said' },
        contained: { time: later, line: 7, shown: 'isolation' },
        recovered: { time: later, line: 8, shown: 'move' },
      },
      times: { detect: 0, contain: 2700, recover: 2700 },
    },
    isolations: [
      {
        namespace: 'prod',
        pod: 'web',
        uid: '5f0c1e7a-0000-4000-8000-000000000001',
        node: 'node-a',
        verdict: 'LEAKS',
        planned: time,
        time: later,
        line: 7,
        level: 'nft full',
        actions: [{ kind: 'cut', outcome: 'done', detail: 'link cut', seconds: 0.1 }],
        cut: 0.4,
        verdictAfter: 3,
        watched: 1,
        checks: {
          items: [
            {
              flow: 'tcp 10.0.0.1:1 -> 10.0.0.2:2',
              direction: 'out',
              before: 'works',
              after: 'works',
              judged: true,
              bytes: 12,
            },
          ],
          total: 2,
          command: 'kubectl ir case log',
        },
        judged: 1,
        blocked: 0,
        reasons: ['a reason'],
        notTried: ['a try'],
        leaks: [{ flow: 'tcp', seen: '12 B', why: 'why', advice: 'do' }],
        released: { time: later, result: 'done' },
      },
    ],
    findings: {
      found: {
        items: [
          {
            rule: 'reverse-shell',
            title: 'a shell',
            severity: 'critical',
            confidence: 'high',
            attack: ['T1059.004', 'T1611'],
            threatMatrix: ['MS-TA9006'],
            subject: {
              node: 'node-a',
              namespace: 'prod',
              pod: 'web',
              container: 'main',
              pid: 7,
              path: '/bin/sh',
            },
            seen: 'open to somewhere',
            evidence: [
              { acquisition: 'acquisition-1', item: 3, name: '[root]/proc/7/stat', excerpt: 'pid 7' },
            ],
            explanation: 'means that',
            refutedBy: 'the owner',
            next: ['kubectl ir show ir-1 sockets'],
          },
        ],
        total: 2,
        command: 'kubectl ir findings ir-1',
      },
      counts: { critical: 2, high: 0, medium: 0, low: 0, info: 0 },
      rules: [{ rule: 'reverse-shell', title: 'a shell', severity: 'critical', count: 2 }],
      techniques: [
        { id: 'T1059.004', count: 2, severity: 'critical' },
        { id: 'T1611', count: 1, severity: 'high' },
      ],
      notJudged: {
        items: [
          { rule: 'hidden-module', node: 'node-a', reason: 'none', next: 'kubectl ir snapshot node node-a' },
        ],
        total: 2,
        command: 'kubectl ir findings ir-1',
      },
      incomplete: {
        items: [{ rule: 'ghost-pod', node: 'node-a', reason: 'cut' }],
        total: 2,
        command: 'kubectl ir findings ir-1',
      },
      judged: 40,
      malformed: 1,
    },
    workloads: [
      {
        namespace: 'prod',
        pod: 'web',
        node: 'node-a',
        owner: 'ReplicaSet/web',
        account: 'default',
        services: ['web'],
        labels: ['app=web'],
        peers: ['tcp 10.0.0.1:1 -> 10.0.0.2:2'],
        containers: [
          {
            name: 'main',
            id: 'c0ffee',
            image: 'shop:1',
            imageID: 'shop@sha256:ab',
            source: 'https://git.example/shop',
            revision: 'abc',
          },
        ],
        verdict: 'LEAKS',
        findings: 2,
      },
    ],
    containers: [
      {
        namespace: 'prod',
        pod: 'web',
        container: 'main',
        id: 'c0ffee',
        acquisition: 'acquisition-1',
        image: 'shop:1',
        imageID: 'shop@sha256:ab',
        blind: ['a layer'],
        complete: false,
        changes: {
          items: [
            {
              path: '/usr/bin/curl',
              change: 'modified',
              type: 'file',
              size: 3,
              time,
              sha256: 'cd',
              flags: ['executable'],
            },
          ],
          total: 2,
          command: 'kubectl ir timeline ir-1 -o json',
        },
        byRuntime: 3,
        processes: [{ pid: 7, name: 'sh', executable: '/tmp/sh', reason: 'deleted', started: time }],
      },
    ],
    nodes: [
      {
        name: 'node-a',
        system: 'Debian',
        kernel: '6.1',
        runtime: 'containerd',
        kubelet: 'v1.34',
        findings: 2,
        breakout: ['a process got out'],
        hardening: [{ where: 'pod prod/web', setting: 'privileged', why: 'root', instead: 'less' }],
      },
    ],
    identities: [
      {
        account: 'prod/default',
        pod: 'prod/web',
        bindings: [{ binding: 'RoleBinding/web', role: 'Role/web' }],
        rules: { items: ['get pods'], total: 2, command: 'kubectl ir report ir-1 -o json' },
      },
    ],
    timeline: {
      moments: {
        items: [{ time, source: 'process', where: 'prod/web', message: 'started sh' }],
        total: 2,
        command: 'kubectl ir timeline ir-1',
      },
      from: time,
      seconds: 60,
      columns: 3,
      counts: [{ source: 'process', counts: [1, 0, 3] }],
      clocks: [{ node: 'node-a', sentence: 'agrees' }],
    },
    origin: {
      since: time,
      causes: {
        items: [
          {
            time,
            atLatest: true,
            object: 'deployment/web in prod',
            action: 'changed',
            what: 'image',
            reason: 'near',
            who: 'jane',
            claims: 'kubectl',
          },
        ],
        total: 2,
        command: 'kubectl ir changes ir-1',
      },
      notSeen: ['no audit log'],
    },
    spans: [{ lane: 'collect', from: time, to: later, text: 'node node-a: complete' }],
    custody: {
      items: [{ line: 1, time, by: 'jane@laptop', action: 'open', object: 'ir-1', result: 'done' }],
      total: 2,
      command: 'kubectl ir case log ir-1',
    },
    broken: 'line 3 does not follow',
    gaps: { items: ['a file'], total: 2, command: 'kubectl ir case show ir-1' },
  };
}

/** Members whose values are the program's own words; everything else in a report may come from anybody. */
const own = new Set(['apiVersion', 'kind', 'verdict', 'severity', 'state', 'id', 'phase', 'shown']);

/** A report with other strings: `change` gets each that may come from anybody, and where it stands. */
export function withStrings(report: Report, change: (text: string, place: string) => string): Report {
  const walk = (value: unknown, place: string, key: string): unknown => {
    if (typeof value === 'string')
      return own.has(key) || (key === 'outcome' && place.startsWith('/course/'))
        ? value
        : change(value, place);
    if (Array.isArray(value)) return value.map((one, i) => walk(one, `${place}/${i}`, key));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [name, walk(member, `${place}/${name}`, name)]),
    );
  };
  return walk(report, '', '') as Report;
}

/** Every string of a report that may come from anybody, by its place. */
export function stringsOf(report: Report): Map<string, string> {
  const found = new Map<string, string>();
  withStrings(report, (text, place) => {
    found.set(place, text);
    return text;
  });
  return found;
}

/** A section as people read it, without what Markdown needs. */
export function saidBy(section: Section): string {
  const document = { title: '', subtitle: '', facts: [], sections: [section] };
  return [...markdownPage(document)].join('').replace(/\\(?=[^\w\s])/g, '');
}
