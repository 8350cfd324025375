/** Files from which a program starts by itself, or somebody is let in, by their path on the node. */
export const persistenceFiles =
  /^\/(?:etc\/(?:crontab|cron\.[^/]+\/|rc\.local|profile|profile\.d\/|bash\.bashrc|environment|ld\.so\.preload|udev\/rules\.d\/|pam\.d\/|modules-load\.d\/|systemd\/|kubernetes\/manifests\/)|var\/spool\/(?:cron|at)\/|(?:root|home\/[^/]+)\/\.(?:bashrc|profile|bash_profile|ssh\/))/;

/** Shapes of commands that no package leaves behind, each with what it is. */
const shapes: readonly (readonly [RegExp, string])[] = [
  [/\/dev\/(?:tcp|udp)\/[^\s/]+\/[0-9]/, 'a connection by the shell itself'],
  [/\b(?:nc|ncat|netcat)\b[^\n|;&]*\s-[a-z]*[ec]\b\s*\S*sh\b/, 'a shell over netcat'],
  [/\bsocat\b[^\n]*\bexec:[^\n]*sh\b/i, 'a shell over socat'],
  [/\b(?:curl|wget)\b[^\n|;]*\|\s*(?:sudo\s+)?(?:ba|da|z|a)?sh\b/, 'a script that is fetched and run'],
  [
    /\bbase64\b[^\n|]*(?:-d|--decode|-D)\b[^\n|]*\|\s*(?:ba|da|z|a)?sh\b/,
    'a script that is unpacked and run',
  ],
  [/\bpython[0-9.]*\b[^\n]*\bsocket\b[^\n]*\b(?:dup2|pty\.spawn)\b/, 'a shell over a socket of Python'],
  [/\bperl\b[^\n]*\bSocket\b[^\n]*\bexec\b/, 'a shell over a socket of Perl'],
  [/\/var\/lib\/kubelet\/pods\/[0-9a-f-]{36}\//, 'a file of a pod'],
  [/\/(?:snapshots\/[0-9]+\/fs|overlay2?\/[^/\s]+\/(?:merged|upper|diff))\//, 'a file of a container'],
  [/(?:^|[\s=;|&"'@])\/(?:dev\/shm|tmp|var\/tmp)\/\.?[^\s/;|&"']+/, 'a program where anybody may write'],
];

/** Longer texts are cut: expressions over lines of megabytes take long. */
const longest = 65_536;

/** What in a text no package would leave behind, the first; undefined when there is nothing. Text of one byte per character. */
export function shapeOf(text: string): { readonly what: string; readonly line: string } | undefined {
  for (const whole of text.slice(0, longest).split('\n')) {
    const line = whole.slice(0, 4096);
    if (/^\s*#/.test(line)) continue;
    const found = shapes.find(([pattern]) => pattern.test(line));
    if (found !== undefined) return { what: found[1], line };
  }
  return undefined;
}
