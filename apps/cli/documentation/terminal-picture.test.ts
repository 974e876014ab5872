import { expect, test } from "vitest";
import { terminalPicture } from "./terminal-picture.ts";
import { terminalLines, terminalText } from "./terminal-text.ts";

const ESC = "\u001b";
const plain = (written: string) => terminalLines(written).map((runs) => runs.map(({ text }) => text).join(""));

test.each([
  ["a\r\nb\n", ["a", "b", ""]],
  [`\u280b plan 0.1 s\r${ESC}[2K\u2713 plan 2.0 s\n`, ["\u2713 plan 2.0 s", ""]],
  ["working\rdone   ", ["done"]],
  [`one\ntwo\n${ESC}[2A${ESC}[2Kuno\n`, ["uno", "two", ""]],
  [`${ESC}]0;title\u0007x${ESC}[?25ly`, ["xy"]],
  [`ab${ESC}[1G${ESC}[Kc`, ["c"]],
])("%j shows %j in the end", (written, lines) => {
  expect(plain(written)).toEqual(lines);
});

test("colours are kept, and what is kept shows the same", () => {
  const written = `${ESC}[32m\u2713${ESC}[0m plan ${ESC}[1;31mbad${ESC}[39;22m rest${ESC}[2m dim`;
  const lines = terminalLines(written);

  expect(lines[0]).toEqual([
    { text: "\u2713", styles: ["green"] },
    { text: " plan ", styles: [] },
    { text: "bad", styles: ["bold", "red"] },
    { text: " rest", styles: [] },
    { text: " dim", styles: ["dim"] },
  ]);
  expect(terminalLines(terminalText(written).trimEnd())).toEqual(lines);
});

test("columns are where they are in a terminal, also where spaces are taken for one", () => {
  const picture = terminalPicture("  plan     1.0 s  none", { title: "A run", source: "x.txt" });

  expect([...picture.matchAll(/<text x="([\d.]+)"[^>]*>([^<]*)/g)].map(([, x, text]) => [x, text])).toEqual([
    ["32.8", "plan"],
    ["108.4", "1.0 s"],
    ["167.2", "none"],
  ]);
});

test("a picture has each run at its place, with its colour, and nothing of the text is markup", () => {
  const picture = terminalPicture(`a <b> & "c"\n  ${ESC}[32mgreen${ESC}[0m`, { title: "A <run>", source: "x.txt" });

  expect(picture).toContain('<text x="16" y="30" textLength="92.4">a &lt;b&gt; &amp; &quot;c&quot;</text>');
  expect(picture).toContain('<text x="32.8" y="49" textLength="42" class="green">green</text>');
  expect(picture).toContain('aria-label="A &lt;run&gt;"');
  expect(picture).toContain("prefers-color-scheme: dark");
  expect(picture).not.toContain("var(");
  expect(picture).toMatch(/^<!-- Made by npm run docs from x\.txt/);
});
