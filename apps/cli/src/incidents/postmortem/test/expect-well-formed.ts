import { expect } from "vitest";

/** Everything that is drawn, and all that each may have: no scripts, no links, nothing from elsewhere, nothing that happens on events. */
const ELEMENTS = new Set(["svg", "title", "desc", "style", "rect", "line", "path", "circle", "text", "g"]);
const ATTRIBUTES =
  /^(?:xmlns|viewBox|width|height|role|aria-labelledby|id|class|x|y|x1|x2|y1|y2|cx|cy|r|d|text-anchor)$/;

/** Expects XML whose elements are closed in their order, and which has nothing in it but a picture. @returns its texts */
export function expectWellFormed(svg: string): readonly string[] {
  const open: string[] = [];
  const texts: string[] = [];
  let rest = svg.trim();
  while (rest !== "") {
    const tag = /^<(\/?)([a-z]+)((?: [A-Za-z0-9-]+="[^"<]*")*)(\/?)>/.exec(rest);
    if (tag !== null) {
      const [whole, closes, name = "", attributes = "", isEmpty] = tag;
      expect(ELEMENTS).toContain(name);
      for (const [, attribute = ""] of attributes.matchAll(/ ([A-Za-z0-9-]+)="/g)) {
        expect(attribute).toMatch(ATTRIBUTES);
      }
      if (closes === "/") {
        expect(open.pop()).toBe(name);
      } else if (isEmpty === "") {
        open.push(name);
      }
      rest = rest.slice(whole.length);
      continue;
    }
    const text = /^[^<]+/.exec(rest)?.[0] ?? "";
    expect(text, rest.slice(0, 80)).not.toBe("");
    // XML knows these entities only, and has no way to write a control character.
    expect(text.replaceAll(/&(?:amp|lt|gt|quot|#39);|\n/g, "")).not.toMatch(/[&\p{Cc}\p{Cs}\uffff\ufffe]/u);
    texts.push(text);
    rest = rest.slice(text.length);
  }
  expect(open).toEqual([]);
  return texts;
}
