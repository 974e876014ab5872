import { expect, test } from "vitest";
import { readMarkdown } from "./read-markdown.ts";

test("headings have GitHub's anchors", () => {
  const { headings } = readMarkdown(
    '# A & B\n\n## `code` and **bold** [link](x)\n\n## Twice\n## Twice\n\n### "... is not set", `A.b`: 5xx?\n',
  );

  expect(headings).toEqual([
    { text: "A & B", anchor: "a--b", depth: 1 },
    { text: "code and bold link", anchor: "code-and-bold-link", depth: 2 },
    { text: "Twice", anchor: "twice", depth: 2 },
    { text: "Twice", anchor: "twice-1", depth: 2 },
    { text: '"... is not set", A.b: 5xx?', anchor: "-is-not-set-ab-5xx", depth: 3 },
  ]);
});

test("blocks have their language, line and section, in lists, too", () => {
  const source =
    "# T\n\ntext\n\n```bash\na\n```\n\n## S\n\n1. item\n\n   ```json title\n   {}\n   ```\n\n    indented code\n";
  const { blocks } = readMarkdown(source);

  expect(blocks).toEqual([
    { language: "bash", text: "a", line: 6, section: ["T"] },
    { language: "json", text: "{}", line: 14, section: ["T", "S"] },
  ]);
});

test("links are found in text, tables and images, by reference, and not in code", () => {
  const source =
    "[a](one.md#x) `[no](code.md)` ![i](p.png) [r][ref]\n\n| h |\n| --- |\n| [t](two.md) |\n\n```\n[no](fence.md)\n```\n\n[ref]: three.md\n";

  expect(readMarkdown(source).links).toEqual(["one.md#x", "p.png", "three.md", "two.md"]);
});

test("code inside of text is as it was typed", () => {
  expect(readMarkdown('a `x <y> & "z"` b\n\n| h |\n| --- |\n| `a\\|b` |\n').codes).toEqual(['x <y> & "z"', "a|b"]);
});
