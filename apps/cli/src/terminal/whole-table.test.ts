import { expect, test } from "vitest";
import { wholeTable } from "./whole-table.ts";

test("a name is never cut, however narrow the terminal", () => {
  const rows = [
    ["name", "because"],
    ["slipway-prod-20261128T160501Z-before-move", "one of the newest"],
  ];
  expect(wholeTable(rows, 40)).toBe(
    "name                                       because\nslipway-prod-20261128T160501Z-before-move  one of the newest\n",
  );
  expect(wholeTable(rows, 40)).toBe(wholeTable(rows, 400));
});
