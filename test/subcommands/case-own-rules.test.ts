import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Judgement } from '../../src/findings/judge.ts';
import { parseOwnRules } from '../../src/findings/own-rule-file.ts';
import { judgeOwnRules } from '../../src/subcommands/case-own-rules.ts';
import { readTraces } from '../../src/subcommands/case-traces.ts';
import { caseWith } from '../evidence/evidence-lab.ts';
import { inSandbox } from '../evidence/sandbox.ts';

const signal = new AbortController().signal;
const rule = (id: string, of: string, where: string): string =>
  `apiVersion: kubectl-ir/v1\nkind: Rule\nid: ${id}\ntitle: t\nseverity: low\nexplanation: e\nrefutedBy: r\nof: ${of}\nwhere: ${where}\n---\n`;

describe('rules of the user on a case', () => {
  const judged = async (dir: string, text: string): Promise<Judgement> => {
    const { rules, bad } = parseOwnRules(text, 'f');
    expect(bad).to.deep.equal([]);
    const { books } = await readTraces(dir, signal);
    return judgeOwnRules(dir, rules, books, './c', signal);
  };

  it('read records of any kind on every node, and say which node has none', () =>
    inSandbox(async (dir) => {
      const line = '* * * * * root /tmp/x\n';
      await caseWith(dir, { '[root]/etc/cron.d/x': line, '[root]/etc/cron.d/y': line }, { other: '' });
      const { findings, notJudged } = await judged(dir, rule('x', 'cron', '{command: {startsWith: /tmp/}}'));
      expect(findings.map(({ evidence }) => evidence[0]?.name)).to.deep.equal(['[root]/etc/cron.d/x']);
      expect(notJudged).to.deep.equal([
        {
          rule: 'x',
          node: 'node-b',
          lack: 'missing',
          reason: 'the case has no cron of this node',
          next: 'kubectl ir snapshot node node-b --profile full --case ./c',
        },
      ]);
    }));

  it('are judged on less where an item is cut or damaged, and nothing is told of that item', () =>
    inSandbox(async (dir) => {
      const line = '* * * * * root /tmp/damaged\n';
      await caseWith(dir, {
        '[root]/etc/cron.d/a': line,
        '[root]/etc/cron.d/b': { truncated: '* * * * * root /tmp/cut\n' },
        '[root]/etc/cron.d/c': '* * * * * root /tmp/whole\n',
      });
      const place = join(dir, 'data/acquisitions');
      const [acquisition = ''] = await readdir(place);
      const tar = (await readdir(join(place, acquisition))).find((name) => name.endsWith('.tar')) ?? '';
      const bytes = await readFile(join(place, acquisition, tar));
      bytes.write('X', bytes.indexOf('damaged'));
      await writeFile(join(place, acquisition, tar), bytes);
      const { findings, incomplete } = await judged(dir, rule('x', 'cron', '{command: {startsWith: /tmp/}}'));
      expect(findings.map(({ seen }) => seen)).to.deep.equal(['command /tmp/cut', 'command /tmp/whole']);
      expect(incomplete).to.have.length(1);
      expect(incomplete[0]).to.include({ rule: 'x', items: 2 });
    }));
});
