import { tarMembers, type TarMember } from './tar-members.ts';
import type { TreeFile } from './tree.ts';

/** What a member is that is neither file nor directory, by its type flag (POSIX pax, "ustar Interchange Format"). */
const kinds: Readonly<Partial<Record<string, string>>> = {
  '1': 'a hard link',
  '2': 'a symbolic link',
  '3': 'a device',
  '4': 'a device',
  '6': 'a named pipe',
};

/** The files and directories of a tar in their order. Throws what the reader says when it is damaged or cut. */
export async function* tarFiles(tar: AsyncIterable<Buffer>): AsyncGenerator<TreeFile> {
  for await (const member of tarMembers(tar)) {
    const path = member.name.toString().replace(/^(\.\/)+/, '');
    yield { path, ...kindOf(member), content: () => member.content };
  }
}

/** GNU tar marks sparse files by a type of their own, or by attributes of a file (its manual, "PAX 0" and "PAX 1"). */
function kindOf({ name, type, attributes }: TarMember): Pick<TreeFile, 'kind' | 'what'> {
  if (!Buffer.from(name.toString()).equals(name))
    return { kind: 'other', what: 'of a name that is not UTF-8' };
  if ([...attributes].some((key) => key.startsWith('GNU.sparse.')))
    return { kind: 'other', what: 'a sparse file' };
  if (type === '5') return { kind: 'directory' };
  return type === '0'
    ? { kind: 'file' }
    : { kind: 'other', what: kinds[type] ?? 'of a type that no bag may hold' };
}
