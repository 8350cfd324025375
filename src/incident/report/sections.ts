import { type Audience, readers } from './audience.ts';
import type { Document, Section } from './document.ts';
import type { Report } from './report.ts';
import { changesSection } from './sections/changes.ts';
import { custodySection } from './sections/custody.ts';
import { findingsSection } from './sections/findings.ts';
import { gapsSection } from './sections/gaps.ts';
import { glossarySection } from './sections/glossary.ts';
import { identitySection } from './sections/identity.ts';
import { isolationSection } from './sections/isolation.ts';
import { nodesSection } from './sections/nodes.ts';
import { originSection } from './sections/origin.ts';
import { peopleSection } from './sections/people.ts';
import { reviewSection } from './sections/review.ts';
import { summarySection } from './sections/summary.ts';
import { timelineSection } from './sections/timeline.ts';
import { timesSection } from './sections/times.ts';
import { workloadsSection } from './sections/workloads.ts';
import { timeText } from './words.ts';

type Part = (report: Report, audience: Audience) => Section;

const parts: Readonly<Record<Audience, readonly Part[]>> = {
  all: [
    summarySection,
    timesSection,
    workloadsSection,
    isolationSection,
    findingsSection,
    changesSection,
    identitySection,
    nodesSection,
    timelineSection,
    originSection,
    peopleSection,
    reviewSection,
    custodySection,
    gapsSection,
    glossarySection,
  ],
  managers: [summarySection, timesSection, workloadsSection, peopleSection, reviewSection, glossarySection],
  engineers: [
    summarySection,
    workloadsSection,
    changesSection,
    findingsSection,
    timelineSection,
    originSection,
    gapsSection,
  ],
  infrastructure: [
    summarySection,
    nodesSection,
    workloadsSection,
    isolationSection,
    identitySection,
    findingsSection,
    gapsSection,
  ],
  examiners: [
    summarySection,
    custodySection,
    gapsSection,
    isolationSection,
    findingsSection,
    changesSection,
    timelineSection,
    timesSection,
    peopleSection,
  ],
};

/** What a report says to its readers, in order. */
export function documentOf(report: Report, audience: Audience): Document {
  const { case: facts, program, redacted } = report;
  const { head, number, evidenceNumbers = [], examiner, organisation } = facts;
  const forWhom = audience === 'all' ? '' : `, for ${readers[audience]}`;
  return {
    title: `Incident report${forWhom}`,
    subtitle: facts.name,
    facts: [
      ...named('Case number', number),
      ...named('Evidence numbers', evidenceNumbers.join(', ')),
      ...named('Examiner', examiner),
      ...named('Organisation', organisation),
      ['Opened', timeText(facts.created)],
      [
        'State of the case',
        `${facts.state}, as of line ${head.line} of its custody (${timeText(head.time)})`,
      ],
      ['sha256 of that line', [{ code: head.sha256 }]],
      ['Written by', `kubectl ir ${program}`],
      ...(redacted
        ? [['Redacted', 'secrets are replaced by placeholders, people are named by their roles'] as const]
        : []),
    ],
    sections: parts[audience].map((part) => part(report, audience)),
  };
}

function named(name: string, value: string | undefined): (readonly [string, string])[] {
  return value === undefined || value === '' ? [] : [[name, value]];
}
