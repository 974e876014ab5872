import { escapeXml } from "../src/incidents/postmortem/escape-xml.ts";
import { terminalLines } from "./terminal-text.ts";

const CHARACTER_WIDTH = 8.4;
const LINE_HEIGHT = 19;
const MARGIN = 16;
const FONT_SIZE = 14;

interface Palette {
  readonly back: string;
  readonly edge: string;
  readonly text: string;
  /** Of what has a style of that name. */
  readonly styles: Readonly<Record<string, string>>;
}

const LIGHT: Palette = {
  ...{ back: "#ffffff", edge: "#d0d7de", text: "#1f2328" },
  styles: {
    ...{ dim: "#59636e", red: "#cf222e", green: "#1a7f37", yellow: "#9a6700" },
    ...{ blue: "#0969da", magenta: "#8250df", cyan: "#1b7c83" },
  },
};
const DARK: Palette = {
  ...{ back: "#0d1117", edge: "#3d444d", text: "#e6edf3" },
  styles: {
    ...{ dim: "#9198a1", red: "#ff7b72", green: "#56d364", yellow: "#e3b341" },
    ...{ blue: "#79c0ff", magenta: "#d2a8ff", cyan: "#56d4dd" },
  },
};

/**
 * Draws what a terminal shows as an SVG that is readable on light and dark pages: it asks for the reader's scheme, and is drawn of text, so
 * that it can be searched and read aloud.
 *
 * @param written as a terminal gets it; `terminal-text.ts` says what is understood
 * @param title for who does not see it
 * @param source where the text is kept
 */
export function terminalPicture(written: string, { title, source }: { title: string; source: string }): string {
  const lines = terminalLines(written.trimEnd());
  const columns = Math.max(...lines.map((runs) => runs.reduce((sum, { text }) => sum + [...text].length, 0)));
  const width = Math.ceil(columns * CHARACTER_WIDTH + 2 * MARGIN);
  const height = lines.length * LINE_HEIGHT + 2 * MARGIN;
  const texts = lines.flatMap((runs, index) => {
    let column = 0;
    return runs.flatMap(({ text, styles }) => {
      const x = MARGIN + column * CHARACTER_WIDTH;
      const length = [...text].length;
      column += length;
      const y = MARGIN + (index + 1) * LINE_HEIGHT - 5;
      const style = styles.length === 0 ? "" : ` class="${styles.join(" ")}"`;
      // In pieces without two spaces in a row, which become one where `white-space` is not known; and with a length of its own each ends where
      // it should, whatever font the reader has.
      return [...text.matchAll(/\S+(?: \S+)*/gu)].map(({ 0: piece, index: at }) => {
        const left = x + [...text.slice(0, at)].length * CHARACTER_WIDTH;
        const place = `x="${rounded(left)}" y="${y}" textLength="${rounded([...piece].length * CHARACTER_WIDTH)}"`;
        return `<text ${place}${style}>${escapeXml(piece)}</text>`;
      });
    });
  });
  return `<!-- Made by npm run docs from ${source}, which a real run has written; docs/pictures/README.md says how. -->
<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeXml(title)}">
<title>${escapeXml(title)}</title>
<style>
text { font: ${FONT_SIZE}px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace; white-space: pre; }
.bold { font-weight: bold; }
${rules(LIGHT)}
@media (prefers-color-scheme: dark) {
${rules(DARK)}
}
</style>
<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="6"/>
${texts.join("\n")}
</svg>
`;
}

/** With each colour said where it is used: not everything that draws an SVG knows variables, and without them all of it is black. */
function rules({ back, edge, text, styles }: Palette): string {
  const ofStyles = Object.entries(styles).map(([name, colour]) => `.${name} { fill: ${colour}; }`);
  return [`rect { fill: ${back}; stroke: ${edge}; }`, `text { fill: ${text}; }`, ...ofStyles].join(" ");
}

function rounded(value: number): string {
  return String(Math.round(value * 10) / 10);
}
