import { terminalLines } from "./terminal-text.ts";

const CHARACTER_WIDTH = 8.4;
const LINE_HEIGHT = 19;
const MARGIN = 16;
const FONT_SIZE = 14;

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
      if (text.trim() === "") {
        return [];
      }
      const indent = text.length - text.trimStart().length;
      const shown = text.trim();
      const y = MARGIN + (index + 1) * LINE_HEIGHT - 5;
      const style = styles.length === 0 ? "" : ` class="${styles.join(" ")}"`;
      // With a length of its own each run ends where it should, whatever font the reader has.
      const at = `x="${rounded(x + indent * CHARACTER_WIDTH)}" y="${y}" textLength="${rounded([...shown].length * CHARACTER_WIDTH)}"`;
      return [`<text ${at}${style}>${escaped(shown)}</text>`];
    });
  });
  return `<!-- Made by npm run docs from ${source}, which a real run has written; docs/pictures/README.md says how. -->
<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}">
<title>${escaped(title)}</title>
<style>
svg { --back: #ffffff; --edge: #d0d7de; --text: #1f2328; --dim: #59636e; --red: #cf222e; --green: #1a7f37; --yellow: #9a6700; --blue: #0969da; --magenta: #8250df; --cyan: #1b7c83; }
@media (prefers-color-scheme: dark) {
svg { --back: #0d1117; --edge: #3d444d; --text: #e6edf3; --dim: #9198a1; --red: #ff7b72; --green: #56d364; --yellow: #e3b341; --blue: #79c0ff; --magenta: #d2a8ff; --cyan: #56d4dd; }
}
rect { fill: var(--back); stroke: var(--edge); }
text { fill: var(--text); font: ${FONT_SIZE}px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace; white-space: pre; }
.bold { font-weight: bold; } .dim { fill: var(--dim); } .red { fill: var(--red); } .green { fill: var(--green); } .yellow { fill: var(--yellow); } .blue { fill: var(--blue); } .magenta { fill: var(--magenta); } .cyan { fill: var(--cyan); }
</style>
<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="6"/>
${texts.join("\n")}
</svg>
`;
}

function rounded(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
