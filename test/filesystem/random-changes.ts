/** An image and a sequence of shell operations on it, both from one seed. */
export function randomChanges(seed: number): { readonly image: string; readonly changes: string } {
  const random = generator(seed);
  const pick = <T>(from: readonly T[], fallback: T): T =>
    from[Math.floor(random() * from.length)] ?? fallback;
  const directories = ['.', 'a', 'a/b', 'a/b/c', 'd', 'e'];
  const names = ['f', 'g', "h'i", 'j k', '-l', '$m'];
  const path = (): string => `'./${pick(directories, '.')}/${pick(names, 'f').replaceAll("'", `'\\''`)}'`;
  const directory = (): string => `./${pick(directories.slice(1), 'a')}`;
  const image = [
    'mkdir -p a/b/c d e',
    ...Array.from({ length: 20 }, () => `echo ${Math.floor(random() * 9)} >${path()}`),
  ];
  const operations = [
    () => `echo ${Math.floor(random() * 9)} >${path()}`,
    () => `echo more >>${path()}`,
    () => `rm -rf ${path()}`,
    () => `mv -T ${path()} ${path()}`,
    () => `ln -sfT target ${path()}`,
    () => `ln -T ${path()} ${path()}`,
    () => `mkdir -p ${path()}`,
    () => `chmod ${pick(['600', '755', '4755', '666'], '600')} ${path()}`,
    () => `chown ${Math.floor(random() * 3)} ${path()}`,
    () => `touch -d 2020-01-01 ${path()}`,
    () => `rm -rf ${directory()}`,
    () => `mv -T ${directory()} ${directory()}`,
    () => `mkdir -p ${directory()}`,
  ];
  const changes = Array.from(
    { length: 30 },
    () => `{ ${pick(operations, () => 'true')()}; } 2>/dev/null || true`,
  );
  return { image: image.join('\n'), changes: changes.join('\n') };
}

/** Mulberry32: a small generator whose sequence is the seed's alone. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
  };
}
