import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { command } from '../../src/subcommands/timeline.ts';
import { runCommand } from '../subcommands/case/run.ts';
import { timelineCase } from '../subcommands/timeline-lab.ts';
import { pandasPackages, runPython } from '../support/python.ts';
import { unpackedPackages } from '../support/unpacked.ts';

/** Lines of logs and names of files as somebody writes them who means harm to what reads them next. */
const hostile = [
  '=HYPERLINK("http://198.51.100.9")',
  '+1',
  '-1',
  '@SUM(A1)',
  'a,b"c;d',
  'NA',
  'null',
  'a|b',
  '100%',
  '%7C%0A',
  '\u001b[2J',
  'caf\u00e9 \u4e2d',
  '\\x0a',
  "'quoted'",
  ' blank ',
  '',
  '\u202e',
];

/** Words that the two outputs and the table have to tell alike. */
const items = {
  '[root]/var/log/syslog': hostile
    .map((text, i) => `2026-11-22T04:00:${String(i).padStart(2, '0')}Z h ${text}\n`)
    .join(''),
  '[root]/var/log/messages':
    'Nov 21 04:00:00 h x: no year\n2026-11-22T04:00:00.123456789+01:00 h x: nine digits\n',
  'bodyfile/bodyfile.txt': hostile
    .map((text, i) => {
      const name = `/tmp/${text}`.replace(
        /[%|]/g,
        (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
      );
      return `0|${name}|${i}|-rwsr-xr-x|${i}|0|${i}|1763000000|${1_763_000_000 + i}|1763000000|0\n`;
    })
    .concat('0|/before|1|-r|0|0|0|-1|-2|0|0\n', '0|/ext4-last|1|-r|0|0|0|15032385535|0|0|0\n')
    .join(''),
};

/** What Timesketch does with CSV and JSONL (timesketch/lib/utils.py `read_and_validate_csv`, `read_and_validate_jsonl`): pandas, and json and dateutil. */
const reader = `
import json, sys, pandas, csv
from dateutil import parser
mandatory = {'message', 'datetime', 'timestamp_desc'}
frame = pandas.read_csv(sys.argv[1], sep=',')
assert mandatory <= set(frame.columns), frame.columns
parsed = pandas.to_datetime(frame['datetime'], errors='coerce')
assert not parsed.isnull().any(), 'rows are dropped'
assert not frame['message'].isnull().any() and not frame['timestamp_desc'].isnull().any()
assert (parsed.map(lambda t: t.value // 1000) == frame['timestamp']).all(), 'two moments'
with open(sys.argv[1], newline='', encoding='utf-8') as file:
    rows = list(csv.DictReader(file, strict=True))
lines = []
types = {}
with open(sys.argv[2], encoding='utf-8') as file:
    for line in file:
        event = json.loads(line)
        assert mandatory <= set(event), line
        assert round(parser.parse(event['datetime']).timestamp() * 1000000) == event['timestamp'], line
        for name, value in event.items():
            assert types.setdefault(name, type(value)) is type(value), name
        lines.append(event)
assert list(parsed) == sorted(parsed), 'order'
print(json.dumps({'rows': rows, 'lines': lines, 'read': len(frame)}))
`;

describe('timelines in the programs that they are for', function () {
  this.timeout(180_000);

  let dir = '';
  before(async () => {
    dir = mkdtempSync(join(tmpdir(), 'reference-'));
    await timelineCase(join(dir, 'case'), { skewMs: 90_061_001, items });
  });
  after(() => rmSync(dir, { recursive: true }));

  async function written(output: string): Promise<{ path: string; text: string; err: string }> {
    const { out, err } = await runCommand(command, [join(dir, 'case')], { output });
    const path = join(dir, output);
    writeFileSync(path, out);
    return { path, text: out, err };
  }

  it('are read by what Timesketch reads CSV and JSONL with: every event, and the same in both', async () => {
    const csv = await written('timesketch-csv');
    const jsonl = await written('timesketch-jsonl');
    const packages = await pandasPackages();
    const found = JSON.parse(await runPython(packages, reader, [csv.path, jsonl.path])) as {
      rows: Record<string, string>[];
      lines: Record<string, string | number>[];
      read: number;
    };
    expect(found.lines.length).to.be.above(2 * hostile.length);
    expect([found.rows.length, found.read]).to.deep.equal([found.lines.length, found.lines.length]);
    for (const [index, line] of found.lines.entries())
      for (const [name, value] of Object.entries(found.rows[index] ?? {})) {
        expect(value).not.to.match(/^[=+@\t\r]/);
        if (name !== 'pid')
          expect(value.startsWith("'") ? value.slice(1) : value).to.equal(unquoted(line[name]));
      }
    expect(csv.err).to.contain("can't hold such a time").and.to.equal(jsonl.err.replace('jsonl', 'csv'));
  });

  it('are read by mactime without a warning: every event, at its moment, under its name', async () => {
    const { path, text, err } = await written('bodyfile');
    const { directory } = await unpackedPackages('sleuthkit');
    const { stdout, stderr } = spawnSync('mactime', ['-b', path, '-d', '-y', '-z', 'UTC'], {
      env: {
        PATH: `${directory}/usr/bin:/usr/bin:/bin`,
        LC_ALL: 'C',
        TZ: 'UTC',
        PERL5LIB: `${directory}/usr/share/perl5`,
      },
      maxBuffer: 1 << 26,
    });
    expect(stderr.toString()).to.equal('');
    const theirs = stdout.toString().trim().split('\n').slice(1);
    const ours = text.trimEnd().split('\n').map(mactimeRow);
    expect(ours.length).to.be.above(2 * hostile.length);
    expect([...new Set(theirs)].sort()).to.deep.equal([...new Set(ours)].sort());
    expect(err).to.contain("events are left out: bodyfile can't hold such a time");
  });
});

/** What stands in a cell for a value, without the apostrophe that some get. */
function unquoted(value: string | number | undefined): string {
  const text = value === undefined ? '' : String(value);
  return text.startsWith("'") ? text.slice(1) : text;
}

/** A line of a body file as mactime prints it. */
function mactimeRow(line: string): string {
  const [, name = '', inode, mode, uid, gid, size, ...times] = line.split('|');
  const [accessed = '-1', modified = '-1', changed = '-1', created = '-1'] = times;
  const all = [modified, accessed, changed, created];
  const time = Number(all.find((one) => one !== '-1'));
  const type = all.map((one, index) => (one === '-1' ? '.' : 'macb'.charAt(index))).join('');
  const shown = name.replaceAll('%7C', '|').replaceAll('%25', '%').replaceAll('"', '""');
  return [
    `${new Date(time * 1000).toISOString().slice(0, 19)}Z`,
    size,
    type,
    mode,
    uid,
    gid,
    inode,
    `"${shown}"`,
  ].join(',');
}
