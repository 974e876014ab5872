import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cutSegments, renderSegments, type Segment, wrapSegments } from "./segments.ts";

const segment = (text: string): Segment => ({ text, meaning: "plain" });
const plain = (segments: readonly Segment[]) => renderSegments(segments, false);

describe("a line that is too long", () => {
  test("is cut where the terminal ends", () => {
    expect(plain(cutSegments([segment("abc"), segment("defgh")], 6))).toBe("abcde…");
    expect(plain(cutSegments([segment("abc"), segment("defgh")], 6, "~"))).toBe("abcde~");
    expect(plain(cutSegments([segment("abc"), segment("def")], 6))).toBe("abcdef");
  });

  test("is not cut in the middle of a character", () => {
    expect(plain(cutSegments([segment("ab😀cd")], 4))).toBe("ab…");
  });

  test("is broken after a space, behind its head, and loses nothing", () => {
    const lines = wrapSegments([segment("HEAD  "), segment("one two three four five six seven")], 25, "  ", 6);

    expect(lines.map(plain)).toEqual(["HEAD  one two three four", "  five six seven"]);
  });

  test("is broken in a word that is longer than the line", () => {
    expect(wrapSegments([segment("x".repeat(45))], 20, "").map(plain)).toEqual([
      "x".repeat(20),
      "x".repeat(20),
      "xxxxx",
    ]);
  });

  test("keeps each part's meaning across a break", () => {
    const lines = wrapSegments([segment("one two three four "), { text: "five six", meaning: "faint" }], 24, "");

    expect(renderSegments(lines[0] ?? [], true)).toBe("one two three four \u001b[2mfive\u001b[0m");
    expect(renderSegments(lines[1] ?? [], true)).toBe("\u001b[2msix\u001b[0m");
  });
});

test("what is broken has all words, in lines that fit", () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-z]{1,30}$/)), fc.integer({ min: 24, max: 80 }), (words, width) => {
      const lines = wrapSegments(
        words.map((word) => segment(`${word} `)),
        width,
        "  ",
      ).map(plain);

      expect(lines.join("").replaceAll(" ", "")).toBe(words.join(""));
      expect(lines.every((line) => line.length <= width)).toBe(true);
    }),
  );
});
