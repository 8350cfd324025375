import { expect } from 'chai';
import { parseJournalHeader } from '../../src/artifacts/journal-header.ts';
import { journalFile } from './journal-lab.ts';

describe('parseJournalHeader', () => {
  it('reads what the file says of itself', () =>
    expect(parseJournalHeader(journalFile([{ seconds: 1, fields: [{ text: 'A=b' }] }]))).to.deep.include({
      state: 'online',
      machine: 'cd'.repeat(16),
      size: 272,
      entries: 1n,
      compact: false,
    }));

  it('refuses what it does not know', () => {
    const file = journalFile([]);
    expect(parseJournalHeader(file.subarray(0, 100))).to.equal(undefined);
    file.writeUInt32LE(64, 12);
    expect(parseJournalHeader(file)).to.equal(undefined);
    expect(parseJournalHeader(Buffer.alloc(272))).to.equal(undefined);
  });
});
