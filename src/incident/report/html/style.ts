import { createHash } from 'node:crypto';
import { markup, type Markup } from './markup.ts';

/*
 * No character of it is one that HTML escapes, so that its digest is that of the text as it stands here. Contrast of text is
 * at least 4.5 to 1 in both colour schemes (WCAG 2.2, 1.4.3).
 */
const lines: readonly string[] = [
  ':root{color-scheme:light dark;--paper:#fff;--ink:#1c2127;--soft:#525b66;--line:#d5dae0;--panel:#f5f7f9;--accent:#1f4e79;--bad:#a4201c;--bad-panel:#fbeceb;--warn:#7a4b00;--warn-panel:#fdf3e1;--good:#1c6433;--good-panel:#e9f5ec}',
  '@media (prefers-color-scheme:dark){:root{--paper:#14181d;--ink:#e4e8ec;--soft:#a9b3be;--line:#38414b;--panel:#1d232a;--accent:#8ab8e6;--bad:#ff9b94;--bad-panel:#3a1c1b;--warn:#f2c063;--warn-panel:#362a12;--good:#83d19a;--good-panel:#16301e}}',
  '*{box-sizing:border-box}',
  'html{-webkit-text-size-adjust:100%}',
  'body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif;overflow-wrap:anywhere}',
  'header,main,footer{max-width:62rem;margin:0 auto;padding:0 1.5rem}',
  'header{padding-top:3rem}',
  'h1{font-size:1.9rem;line-height:1.2;font-weight:600;margin:0 0 .25rem;letter-spacing:-.01em}',
  '.case{font:1rem/1.5 ui-monospace,SFMono-Regular,Menlo,DejaVu Sans Mono,monospace;color:var(--soft);margin:0 0 1.5rem}',
  'h2{font-size:1.35rem;line-height:1.3;font-weight:600;margin:0 0 1rem;padding-top:1.25rem;border-top:2px solid var(--accent)}',
  'h3{font-size:1.02rem;line-height:1.4;font-weight:600;margin:2rem 0 .6rem}',
  'section{margin:3.25rem 0}',
  'p,ul,dl,table,pre,figure{margin:0 0 1.1rem}',
  'ul{padding-left:1.2rem}',
  'li{margin:.3rem 0}',
  'a{color:var(--accent)}',
  'nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;padding:.85rem 0;margin:1.5rem 0 0;border-top:1px solid var(--line);border-bottom:1px solid var(--line);font-size:.92rem}',
  'nav li{margin:0}',
  'nav a{text-decoration:none}',
  'nav a:hover,nav a:focus{text-decoration:underline}',
  'code{font:.88em/1.5 ui-monospace,SFMono-Regular,Menlo,DejaVu Sans Mono,monospace}',
  'pre{background:var(--panel);border:1px solid var(--line);border-radius:4px;padding:.75rem 1rem;white-space:pre-wrap}',
  'dl{display:grid;grid-template-columns:minmax(7rem,12rem) 1fr;gap:.3rem 1.25rem;font-size:.94rem}',
  'dt{color:var(--soft)}',
  'dd{margin:0;min-width:0}',
  'table{border-collapse:collapse;width:100%;font-size:.9rem}',
  'caption{text-align:left;color:var(--soft);font-size:.86rem;padding-bottom:.45rem}',
  'th,td{text-align:left;vertical-align:top;padding:.42rem .9rem .42rem 0;border-bottom:1px solid var(--line)}',
  'th{font-weight:600;font-size:.84rem;color:var(--soft);white-space:nowrap;overflow-wrap:normal}',
  '.short{overflow-wrap:normal}',
  'thead{display:table-header-group}',
  'tr{break-inside:avoid}',
  '.note{color:var(--soft);font-size:.9rem}',
  '.verdict{border-left:4px solid var(--line);background:var(--panel);padding:.85rem 1.1rem;margin:0 0 1.25rem}',
  '.verdict strong{display:inline-block;letter-spacing:.04em;margin-right:.7rem}',
  '.verdict.bad{border-color:var(--bad);background:var(--bad-panel)}.verdict.bad strong{color:var(--bad)}',
  '.verdict.warn{border-color:var(--warn);background:var(--warn-panel)}.verdict.warn strong{color:var(--warn)}',
  '.verdict.good{border-color:var(--good);background:var(--good-panel)}.verdict.good strong{color:var(--good)}',
  '.tag{font-size:.76rem;font-weight:600;letter-spacing:.05em;white-space:nowrap;color:var(--soft)}',
  '.tag.bad{color:var(--bad)}.tag.warn{color:var(--warn)}.tag.good{color:var(--good)}',
  'figure{border:1px solid var(--line);border-radius:4px;padding:1rem}',
  'figcaption{color:var(--soft);font-size:.86rem;margin-bottom:.6rem}',
  '.picture{overflow-x:auto}',
  'svg{display:block;width:100%;min-width:40rem;height:auto;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif}',
  'svg text{fill:var(--ink);font-size:12px}svg .soft{fill:var(--soft)}svg .small{font-size:10.5px}svg .strong{font-weight:600}svg .halo{paint-order:stroke;stroke:var(--paper);stroke-width:4px}',
  'svg .rule{stroke:var(--line);stroke-width:1;fill:none}svg .mark{stroke:var(--bad);stroke-width:1;stroke-dasharray:3 3}',
  'svg .box{fill:var(--panel);stroke:var(--line)}svg .box.bad{fill:var(--bad-panel);stroke:var(--bad)}svg .box.warn{fill:var(--warn-panel);stroke:var(--warn)}svg .box.good{fill:var(--good-panel);stroke:var(--good)}',
  'svg .bar{fill:var(--accent)}svg .edge{stroke:var(--soft);stroke-width:1;fill:none}',
  'footer{color:var(--soft);font-size:.86rem;padding-bottom:3rem}',
  '@media (max-width:640px){header,main,footer{padding-left:1rem;padding-right:1rem}header{padding-top:1.5rem}dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.5rem}thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}table,tbody,tr,td,caption{display:block}tr{border-bottom:1px solid var(--line);padding:.5rem 0}td{border:0;padding:.1rem 0}.short{overflow-wrap:anywhere}td::before{content:attr(data-label) ;display:block;color:var(--soft);font-size:.8rem}}',
  '@page{size:A4;margin:16mm 14mm}',
  '@media print{:root{--paper:#fff;--ink:#000;--soft:#444;--line:#bbb;--panel:#f4f4f4;--accent:#1f4e79;--bad:#8c1713;--bad-panel:#fbeceb;--warn:#6b4200;--warn-panel:#fdf3e1;--good:#17552b;--good-panel:#e9f5ec}body{font-size:10pt}header,main,footer{max-width:none;padding-left:0;padding-right:0}header{padding-top:0}nav{display:none}section{margin:1.6rem 0}h2,h3,caption,figcaption{break-after:avoid}figure,.verdict,pre{break-inside:avoid}.picture{overflow:visible}svg{min-width:0}a{color:inherit;text-decoration:none}}',
];

/** The one style sheet of a report. */
export function styleSheet(): { readonly element: Markup; readonly policy: string } {
  const text = lines.join('');
  const digest = createHash('sha256').update(text).digest('base64');
  return {
    element: markup`<style>${text}</style>`,
    policy: `default-src 'none'; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'`,
  };
}
