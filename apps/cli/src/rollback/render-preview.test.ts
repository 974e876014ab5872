import type { RollbackPreview } from "@slipway/contracts";
import { expect, it } from "vitest";
import { renderPreview } from "./render-preview.ts";

const preview: RollbackPreview = {
  ...{ from: "r9", to: "r7", way: "release" },
  parts: [
    {
      ...{ part: "code", goes: true, differs: true, seconds: 4, irreversible: [] },
      lines: ["items-prod from version 12 to 10"],
      command: "slipway rollback prod --to r7",
    },
    {
      ...{ part: "infrastructure", goes: false, differs: true, seconds: 90, irreversible: [] },
      lines: ["r8 has applied 0 to add, 2 to change, 0 to destroy"],
      command: "slipway rollback prod infrastructure --to r7",
    },
    {
      ...{ part: "data", goes: false, differs: null, seconds: null, irreversible: ["a restore loses writes"] },
      lines: ["nobody could see which migrations were run"],
      command: "slipway rollback prod data --to r7",
    },
  ],
  together: { command: "slipway rollback prod code infrastructure --to r7", seconds: 94, refused: null },
  plan: null,
  problems: ["version 10 of items-prod is Inactive, and cannot run at once"],
  unknown: ["which migrations were run: the table items-prod could not be reached"],
  warnings: ["r7 failed at its short checkpoint"],
};

it.each([80, 120])("says in %i columns what goes back, what stays, and what to mind", (columns) => {
  const text = renderPreview(preview, "AWS", columns);
  const flat = text.replaceAll(/\s+/g, " ");
  expect(flat).toContain("code: goes back, about 4 s by what the last ones took items-prod from version 12 to 10");
  expect(flat).toContain("infrastructure: stays as it is r8 has applied");
  expect(flat).toContain("To take it back, too (about 90 s): slipway rollback prod infrastructure --to r7");
  expect(flat).toContain("in one (about 94 s): slipway rollback prod code infrastructure --to r7");
  expect(flat).toContain("data: stays as it is; nobody knows whether it differs");
  expect(flat).not.toContain("Cannot be undone");
  expect(flat).toContain("WRONG: version 10 of items-prod is Inactive");
  expect(flat).toContain("Not known: which migrations were run");
  expect(flat).toContain("Mind: r7 failed at its short checkpoint");
  expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(columns);
});

it("names what cannot be undone of a part that goes back", () => {
  const [, , data] = preview.parts as [unknown, unknown, RollbackPreview["parts"][number]];
  const text = renderPreview({ ...preview, parts: [{ ...data, goes: true, differs: true }] }, "AWS", 80);
  expect(text).toContain("Cannot be undone: a restore loses writes");
});

it("says how long parts take together, and why they cannot go back together", () => {
  const [code, infrastructure] = preview.parts as [RollbackPreview["parts"][number], RollbackPreview["parts"][number]];
  const both = [code, { ...infrastructure, goes: true }];
  expect(renderPreview({ ...preview, parts: both, together: null }, "AWS", 80)).toContain(
    "Together about 94 s, without what people take to approve.",
  );
  const halfKnown = [{ ...code, seconds: null }, both[1] as RollbackPreview["parts"][number]];
  expect(renderPreview({ ...preview, parts: halfKnown, together: null }, "AWS", 80)).toContain(
    "Together at least about 90 s",
  );
  const refused = { command: "", seconds: null, refused: "the commit of r7 is gone" };
  expect(renderPreview({ ...preview, together: refused }, "AWS", 80)).toContain(
    "Code and infrastructure cannot go back together: the commit of r7 is gone",
  );
});
