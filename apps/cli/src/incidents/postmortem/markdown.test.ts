import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { codeSpan, escapeMarkdown, markdownTable } from "./markdown.ts";

/** What a reader of GitHub's Markdown sees of a text in which all that could be markup is escaped. */
const seen = (markdown: string) => markdown.replaceAll(/\\([!-/:-@[-`{-~])/g, "$1");

describe("escapeMarkdown", () => {
  it.each([
    ["**bold** _and_ `code`", "\\*\\*bold\\*\\* \\_and\\_ \\`code\\`"],
    ["<img src=x onerror=alert(1)>", "\\<img src=x onerror=alert(1)\\>"],
    ["[here](javascript:alert(1))", "\\[here\\](javascript:alert(1))"],
    ["![x](https://evil.example/p.png)", "!\\[x\\](https\\://evil.example/p.png)"],
    ["see www.evil.example or a@evil.example", "see www\\.evil.example or a\\@evil.example"],
    ["a | b", "a \\| b"],
    ["&lt;b&gt; $x^2$ ~~gone~~", "\\&lt;b\\&gt; \\$x^2\\$ \\~\\~gone\\~\\~"],
    ["# no heading", "\\# no heading"],
    ["- no item", "\\- no item"],
    ["1. no item", "1\\. no item"],
    ["two\nlines\r\n\r\n# of them", "two lines # of them"],
    ["bell\u0007 and \u202eright", "bell\\\\x07 and \\\\u202eright"],
    ["items-api-prod/prod (12.4 %)", "items-api-prod/prod (12.4 %)"],
  ])("makes %j stand as it is", (text, escaped) => {
    expect(escapeMarkdown(text)).toBe(escaped);
  });

  it("leaves nothing that could be markup, and shows the same text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const escaped = escapeMarkdown(text);
        expect(escaped).not.toMatch(/\n/);
        // A letter stands for what is escaped: what follows it would else be taken for the beginning.
        const bare = escaped.replaceAll(/\\[!-/:-@[-`{-~]/g, "x");
        expect(bare).not.toMatch(/[\\`*_[\]<>|~&$@]|:\/\/|^[#+=-]|^\d+[.)](?=\s|$)/);
        const plain = text.replaceAll(/\s+/g, " ").trim();
        if (!/[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u.test(plain)) {
          expect(seen(escaped)).toBe(plain);
        }
      }),
    );
  });
});

describe("codeSpan", () => {
  it.each([
    ["slipway rollback prod", "`slipway rollback prod`"],
    ["a `b` c", "`` a `b` c ``"],
    ["```", "```` ``` ````"],
    ["a | b", "`a \\| b`"],
    ["two\nlines", "`two lines`"],
  ])("holds %j", (text, code) => {
    expect(codeSpan(text)).toBe(code);
  });

  it("has a fence that is in no text", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("`", "a", " ", "|") }), (text) => {
        const code = codeSpan(text);
        const fence = /^`+/.exec(code)?.[0] ?? "";
        const inner = code.slice(fence.length, -fence.length);
        expect([...inner.matchAll(/`+/g)].map(([ticks]) => ticks)).not.toContain(fence);
      }),
    );
  });
});

it("writes tables", () => {
  expect(markdownTable(["a", "b"], [["1", "2"]])).toBe("| a | b |\n| --- | --- |\n| 1 | 2 |\n");
});
