import { type Malformed, lines } from './lines.ts';

/** One unit of systemd, or a drop-in that changes one. */
export interface Unit {
  /** Such as `kubelet.service`; for a drop-in, of the unit it changes. */
  readonly name: Buffer;
  readonly dropIn: boolean;
  readonly settings: readonly UnitSetting[];
}

export interface UnitSetting {
  readonly section: string;
  readonly name: string;
  /** Continued lines are joined with a blank. An empty value takes back what was set before. */
  readonly value: Buffer;
}

/** The unit of a file, and what of it is no setting: systemd.syntax(7), systemd.unit(5). */
export function* parseUnit(bytes: Buffer, path: Buffer): Generator<Unit | Malformed> {
  const settings: UnitSetting[] = [];
  const malformed: Malformed[] = [];
  let section = '';
  const take = (whole: string, offset: number): void => {
    if (whole.trim() === '') return;
    const header = /^\s*\[([^\]]+)\]\s*$/.exec(whole);
    const setting = /^\s*([^=\s]+)\s*=(.*)$/s.exec(whole);
    if (header?.[1] !== undefined) section = header[1];
    else if (setting?.[1] !== undefined)
      settings.push({ section, name: setting[1], value: Buffer.from((setting[2] ?? '').trim(), 'latin1') });
    else malformed.push({ malformed: 'no setting of a unit', offset });
  };
  let pending: string[] = [];
  for (const { bytes: line, offset } of lines(bytes)) {
    const text = line.toString('latin1');
    // Comments stand between continued lines too.
    if (/^\s*[#;]/.test(text)) continue;
    if (text.endsWith('\\')) pending.push(text.slice(0, -1));
    else {
      take([...pending, text].join(' '), offset);
      pending = [];
    }
  }
  // systemd takes a line that goes on behind the end for what it is.
  take([...pending, ''].join(' '), bytes.length);
  const [, dropInOf, name] = /(?:^|\/)(?:([^/]+)\.d\/)?([^/]+)$/s.exec(path.toString('latin1')) ?? [];
  yield {
    name: Buffer.from(dropInOf ?? name ?? '', 'latin1'),
    dropIn: dropInOf !== undefined,
    settings,
  };
  yield* malformed;
}

/** The values of a setting in a unit, in order, such as `ExecStart` in `Service`. */
export function settingsOf(unit: Unit, section: string, name: string): Buffer[] {
  return unit.settings
    .filter((setting) => setting.section === section && setting.name === name)
    .map((setting) => setting.value);
}
