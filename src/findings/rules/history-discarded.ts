import { evidence, excerptOf } from '../finding.ts';
import type { Rule } from '../rule.ts';

/** A history of commands that leads nowhere. */
export const historyDiscarded: Rule = {
  id: 'history-discarded',
  title: 'what is typed into a shell is thrown away',
  explanation:
    'The history of an account is a link to a place that keeps nothing, so that nobody sees what was typed.',
  severity: 'medium',
  confidence: 'medium',
  lessWhen: 'Hardened images do so for every account from the start.',
  attack: ['T1070.003', 'T1562.003'],
  threatMatrix: [],
  references: ['bash(1), HISTFILE'],
  refutedBy: 'The image of the node comes so: all nodes have it.',
  next: ['kubectl ir show {case} history', 'kubectl ir show {case} logins'],
  needs: ['configuration'],
  *judge({ links }) {
    for (const { source, value } of links) {
      if (
        !/\/\.[a-z_]*history$/.test(value.path) ||
        !/^\/dev\/(?:null|full|zero)$/.test(value.target.toString('latin1'))
      )
        continue;
      yield {
        subject: { path: excerptOf(Buffer.from(value.path, 'latin1')) },
        seen: 'it is a link to a place that keeps nothing',
        evidence: [evidence(source, Buffer.concat([Buffer.from('-> '), value.target]))],
      };
    }
  },
};
