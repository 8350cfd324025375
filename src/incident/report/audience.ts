/** For whom a report is written; it decides which sections there are and how deep they go. */
export const audiences = ['all', 'managers', 'engineers', 'infrastructure', 'examiners'] as const;
export type Audience = (typeof audiences)[number];

/** Who a report is for, in the words of its title. */
export const readers: Readonly<Record<Audience, string>> = {
  all: 'everybody',
  managers: 'managers',
  engineers: 'the engineers of the workload',
  infrastructure: 'those who run the nodes',
  examiners: 'examiners',
};
