import { postmortemSchema } from "@slipway/contracts";
import { marked, type Token } from "marked";
import { describe, expect, it } from "vitest";
import { incidentCharts } from "./incident-charts.ts";
import { renderPostmortem } from "./render-postmortem.ts";
import { expectWellFormed } from "./test/expect-well-formed.ts";
import { ordersPostmortem } from "./test/orders-postmortem.ts";

/** What GitHub's Markdown makes of a text: its blocks in order, and what inline markup there is beside text. */
function shapeOf(markdown: string): { readonly blocks: readonly string[]; readonly inline: readonly string[] } {
  const blocks: string[] = [];
  const inline = new Set<string>();
  const look = (token: Token) => {
    switch (token.type) {
      case "heading":
      case "table":
        blocks.push(`${token.type} ${"rows" in token ? token.rows.map((row: []) => row.length).join() : token.depth}`);
        break;
      case "text":
      case "escape":
        break;
      case "image":
      case "link":
        inline.add(`${token.type} ${token.href}`);
        break;
      case "strong":
      case "codespan":
        inline.add(token.type);
        break;
      case "html":
        blocks.push("html");
        inline.add("html");
        break;
      default:
        blocks.push(token.type);
    }
  };
  marked.walkTokens(marked.lexer(markdown), look);
  return { blocks, inline: [...inline].toSorted() };
}

const look = (zone: string) => ({
  ...{ zone, flags: "" },
  charts: incidentCharts(ordersPostmortem()).map(({ title, file }) => ({ title, path: file })),
});

describe("a post-mortem", () => {
  it("is a document with its schema", () => {
    const postmortem = ordersPostmortem();
    expect(postmortemSchema.parse(postmortem)).toEqual(postmortem);
  });

  it("is written as Markdown, in UTC and the reader's zone", async () => {
    const markdown = renderPostmortem(ordersPostmortem(), look("Europe/Berlin"));
    await expect(markdown).toMatchFileSnapshot("golden/postmortem.md");
  });

  it("has charts", async () => {
    for (const { file, svg } of incidentCharts(ordersPostmortem())) {
      expectWellFormed(svg);
      await expect(svg).toMatchFileSnapshot(`golden/${file}`);
    }
  });

  it("leaves lines for people, each marked TODO", () => {
    const markdown = renderPostmortem(ordersPostmortem(), look("UTC"));
    expect(markdown.match(/^- \[ \] TODO: .+$/gm)).toEqual([
      "- [ ] TODO: say in two sentences what happened, for those who were not there",
      "- [ ] TODO: why did it happen?",
      "- [ ] TODO: what went well, and what was luck?",
    ]);
    const empty = { ...ordersPostmortem(), rootCause: null, actionItems: [] };
    expect(renderPostmortem(empty, look("UTC")).match(/^- \[ \] TODO: /gm)).toHaveLength(5);
  });

  it("says UTC once to who lives by it", () => {
    const markdown = renderPostmortem(ordersPostmortem(), look("UTC"));
    expect(markdown).toContain("| UTC | From | Who | What |");
    expect(markdown).not.toContain("+00:00");
  });

  it("tells the hours of a night apart in which clocks are put back", () => {
    const postmortem = {
      ...ordersPostmortem(),
      timeline: ["2026-10-25T00:30:00.000Z", "2026-10-25T01:30:00.000Z"].map((at) => ({
        ...{ at, source: "metrics" as const, text: "a look" },
      })),
    };
    const markdown = renderPostmortem(postmortem, look("Europe/Berlin"));
    expect(markdown).toContain("| 2026-10-25 00:30:00 | 2026-10-25 02:30:00 +02:00 | metrics |  | a look |");
    expect(markdown).toContain("| 2026-10-25 01:30:00 | 2026-10-25 02:30:00 +01:00 | metrics |  | a look |");
  });

  it("says what is not known, and of nothing that it is nothing", () => {
    const bare = {
      ...ordersPostmortem(),
      ...{
        impact: null,
        budget: null,
        series: null,
        changes: [],
        otherReleases: [],
        actions: [],
        resolution: null,
        signals: [],
      },
    };
    const markdown = renderPostmortem(bare, { zone: "UTC", flags: "", charts: [] });
    expect(incidentCharts(bare)).toEqual([]);
    expect(markdown).toContain("Nothing is known of it in numbers.");
    expect(markdown).toContain("No release is suspected.");
    expect(markdown).toContain("Nothing was recorded as done about it. It is not resolved.");
  });

  it("stays whole whatever people have written", () => {
    const nasty = "</table><script>alert(1)</script> | ![x](https://evil.example/x.png) [a](javascript:b) `c`\n# d";
    // Words of ours: the schema has no others.
    const ours = new Set(["source", "part", "state", "kind", "item", "release"]);
    const poison = <T>(value: T): T => {
      if (typeof value === "string") return (/^\d{4}-/.test(value) ? value : `${value}${nasty}`) as T;
      if (Array.isArray(value)) return value.map(poison) as T;
      if (typeof value !== "object" || value === null) return value;
      return Object.fromEntries(
        Object.entries(value).map(([name, member]) => [name, ours.has(name) ? member : poison(member)]),
      ) as T;
    };
    const { environment, incident, ...rest } = ordersPostmortem();
    const poisoned = { ...poison(rest), environment, incident };
    const clean = shapeOf(renderPostmortem(ordersPostmortem(), look("UTC")));
    expect(shapeOf(renderPostmortem(poisoned, look("UTC")))).toEqual(clean);
    expect(clean.inline).toEqual(["codespan", "image requests.svg", "image latency.svg", "strong"].toSorted());
    // The same markup, unescaped, is seen.
    expect(shapeOf(`a ${nasty}`).inline.join(" ")).toMatch(/html.*image https.*link/);
    for (const { svg } of incidentCharts(poisoned)) {
      expectWellFormed(svg);
    }
  });
});
