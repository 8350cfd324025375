import { OperationError } from '../output/errors.ts';
import { layout, signaturePlace } from './layout.ts';
import { isOutside, manifestKind } from './manifest.ts';
import type { Tree } from './tree.ts';
import type { Problems } from './verification.ts';

/** What a first look at a tree gave: where the bag or case in it starts, and its small files that steer the rest. */
export interface Survey {
  /** Prefix of everything in the bag: empty, or the one top directory of an archive with a closing `/`. */
  readonly root: string;
  /** Content of the tag files, of case.json, of signatures and of the acts after the seal, by path in the bag. */
  readonly texts: ReadonlyMap<string, Buffer>;
}

/** Manifests of a million files fit; more is no bag that a person handles. */
const textLimit = 256 * 1024 * 1024;

/**
 * Looks through a tree once. Undefined when there is neither a bag nor a case in it. Throws OperationError when its
 * tag files are too large to be true.
 */
export async function surveyTree(tree: Tree): Promise<Survey | undefined> {
  const texts = new Map<string, Buffer>();
  let total = 0;
  for await (const file of tree.steering?.() ?? tree.files()) {
    if (file.kind !== 'file' || !isSteering(inBag(file.path, tree.type))) continue;
    const chunks: Buffer[] = [];
    for await (const chunk of file.content()) {
      total += chunk.length;
      if (total > textLimit)
        throw new OperationError(`the tag files of ${tree.path} are larger than ${textLimit} bytes`);
      chunks.push(chunk);
    }
    texts.set(file.path, Buffer.concat(chunks));
  }
  const root = findRoot([...texts.keys()], 'bagit.txt') ?? findRoot([...texts.keys()], layout.caseRecord);
  if (root === undefined) return undefined;
  return { root, texts: new Map([...texts].flatMap(([path, text]) => below(path, root, text))) };
}

/** A name in an archive may have the bag's directory before it. */
function inBag(path: string, type: Tree['type']): readonly string[] {
  return type === 'directory' ? [path] : [path, path.slice(path.indexOf('/') + 1)];
}

function isSteering(names: readonly string[]): boolean {
  const steering = [
    'bagit.txt',
    'bag-info.txt',
    'package-info.txt',
    'fetch.txt',
    layout.caseRecord,
    layout.custodyAfterSeal,
  ];
  return names.some(
    (name) =>
      steering.includes(name) || name.startsWith(`${signaturePlace}/`) || manifestKind(name) !== undefined,
  );
}

function findRoot(paths: readonly string[], mark: string): string | undefined {
  if (paths.includes(mark)) return '';
  return paths.find((path) => path.endsWith(`/${mark}`))?.slice(0, -mark.length);
}

function below(path: string, root: string, text: Buffer): [string, Buffer][] {
  return path.startsWith(root) ? [[path.slice(root.length), text]] : [];
}

/** Gives what a tree holds its place in the bag, and tells of what has none or takes that of another. */
export class BagPlaces {
  readonly #survey: Survey;
  readonly #problems: Problems;
  /** Of an archive, which may name one place twice; undefined for a directory, which can't. */
  readonly #taken: Map<string, 'file' | 'directory'> | undefined;

  constructor(survey: Survey, type: Tree['type'], problems: Problems) {
    this.#survey = survey;
    this.#problems = problems;
    this.#taken = type === 'archive' ? new Map() : undefined;
  }

  /** Path in the bag of a file; undefined, with the problem told, for one that has no place in it. */
  file(path: string): string | undefined {
    const { root } = this.#survey;
    const place = path.startsWith(root) ? path.slice(root.length) : undefined;
    if (place === undefined || isOutside(place)) this.#problems.add(path, 'lies outside of the bag');
    else if (this.#take(place, 'file')) return place;
    return undefined;
  }

  /** A directory that an archive names: where a file lies, it would take its place for whoever unpacks it. */
  directory(path: string): void {
    const { root } = this.#survey;
    const name = path.replace(/\/+$/, '');
    if (name !== '' && isOutside(name)) this.#problems.add(path, 'lies outside of the bag');
    else if (name.startsWith(root)) this.#take(name.slice(root.length), 'directory');
  }

  #take(place: string, kind: 'file' | 'directory'): boolean {
    const before = this.#taken?.get(place);
    if (before === 'file' || (before !== undefined && kind === 'file')) {
      this.#problems.add(place, 'is there twice');
      return false;
    }
    this.#taken?.set(place, kind);
    return true;
  }
}
