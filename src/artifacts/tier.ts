/**
 * Parts of a node's evidence in the order in which it is lost (RFC 3227, section 2.1), each with what is lost and when.
 */
export const tiers = {
  envelope: 'Which machine this is, by which clock, since when it runs',
  sockets: 'Connections end within seconds',
  processes: 'Processes end within seconds',
  executables: 'A program without a file is gone with its process',
  programs: 'What takes longer to read of the programs that run',
  kernel: 'What the kernel runs and allows, until the next boot',
  sessions: 'Who is and was logged in; /run is gone with the next boot',
  runtime: 'Containers as their runtime knows them; gone when a pod is deleted',
  cluster: 'Objects of the API; events are kept for an hour',
  filesystem: 'Names, times and modes of files, before anything reads them',
  config: 'How the node is set up, who may enter, and what starts by itself',
  logs: 'Logs are rotated within hours',
  packages: 'What is installed, and what its files should be',
} as const;

export type Tier = keyof typeof tiers;
