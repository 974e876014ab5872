import { resolve } from "node:path";
import { configurationReference } from "@slipway/contracts";
import { expect, test } from "vitest";
import { configurationPage } from "./configuration-page.ts";

const page = await configurationPage(resolve(import.meta.dirname, "../../.."));
const rows = page.split("\n").filter((line) => line.startsWith("| `"));
const cells = (row: string) => row.split(/(?<!\\)\|/).map((cell) => cell.trim());

test("every key has its row, but for the heads of sections", () => {
  const keys = configurationReference();

  expect(rows.length).toBeGreaterThan(keys.length - 12);
  expect(rows.length).toBeLessThanOrEqual(keys.length);
});

test("who reads a row sees what may be written: a default, an example, or all that is possible", () => {
  const bare = rows.filter((row) => {
    const [, , type = "", byDefault = "", example = ""] = cells(row);
    const isSection = /object/.test(type);
    return !isSection && example === "" && (byDefault === "" || byDefault === "required") && !type.includes('"');
  });

  expect(bare).toEqual([]);
});

test("examples are this repository's own, where it has one", () => {
  expect(page).toContain('| `region` | string | required | `"us-east-1"` | The AWS Region; a rehearsal plays it. |');
});
