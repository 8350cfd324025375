/** A file of a directory or an archive, while it is visited. */
export interface TreeFile {
  /** Relative, with `/`, as it is stored; hostile. */
  readonly path: string;
  /** Anything else is `other`: links, devices, sparse files. Of directories those are visited that an archive names. */
  readonly kind: 'file' | 'directory' | 'other';
  /** What one of the others is, such as `a symbolic link`. */
  readonly what?: string;
  /** Its bytes, once, before the next file is asked for. */
  content(): AsyncIterable<Buffer>;
}

/** Files that can be visited again and again, one after the other; nothing is written anywhere. */
export interface Tree {
  /** Path of the directory or archive, for messages. */
  readonly path: string;
  readonly type: 'directory' | 'archive';
  files(): AsyncIterable<TreeFile>;
  /** Of a directory: the files that can steer a bag or case, so that its payload need not be walked for them. */
  steering?(): AsyncIterable<TreeFile>;
}
