import { expect } from 'chai';
import { isAbout, parseSubject } from '../../src/incident/subject.ts';
import { eventWith } from './places.ts';

function about(text: string, more: Parameters<typeof eventWith>[0]): boolean {
  const subject = parseSubject(text);
  if (subject === undefined) throw new Error('no subject');
  return isAbout(eventWith(more), subject);
}

describe('parseSubject', () => {
  it('knows pods, pids, paths and users', () => {
    expect(
      ['pod/web', 'pod/prod/web', '17', 'pid/17', '/etc/', '/', 'jo', 'user/17'].map(parseSubject),
    ).to.deep.equal([
      { kind: 'pod', name: 'web' },
      { kind: 'pod', name: 'prod/web' },
      { kind: 'pid', pid: 17 },
      { kind: 'pid', pid: 17 },
      { kind: 'path', path: '/etc' },
      { kind: 'path', path: '/' },
      { kind: 'user', user: 'jo' },
      { kind: 'user', user: '17' },
    ]);
    expect(['', 'pod/', 'pod/a/b/c', 'pid/x', 'user/'].map(parseSubject)).to.deep.equal(
      Array.from({ length: 5 }, () => undefined),
    );
  });
});

describe('isAbout', () => {
  it('takes a pod by its name, in any namespace or in one', () => {
    expect(about('pod/web', { pod: 'prod/web' })).to.equal(true);
    expect(about('pod/test/web', { pod: 'prod/web' })).to.equal(false);
    expect(about('pod/eb', { pod: 'prod/web' })).to.equal(false);
    expect(about('pod/web', { message: 'web' })).to.equal(false);
  });

  it('takes a path and all below it, and logs that name it', () => {
    expect(about('/etc', { source: 'file', path: '/etc/passwd' })).to.equal(true);
    expect(about('/etc', { source: 'file', path: '/etcetera' })).to.equal(false);
    expect(about('/', { source: 'file', path: '/x' })).to.equal(true);
    expect(about('/tmp/x', { message: 'ran /tmp/x.' })).to.equal(true);
    expect(about('/tmp/x', { message: 'ran /tmp/xy and /tmp/x.sh' })).to.equal(false);
  });

  it('takes pids and users, and logs that name the user', () => {
    expect(about('17', { pid: 17 })).to.equal(true);
    expect(about('17', { message: '17' })).to.equal(false);
    expect(about('jo', { user: 'jo' })).to.equal(true);
    expect(about('jo', { message: 'Accepted publickey for jo from 203.0.113.9' })).to.equal(true);
    expect(about('jo', { message: 'Accepted publickey for joe' })).to.equal(false);
    expect(about('jo', { source: 'file', message: 'modified jo' })).to.equal(false);
  });
});
