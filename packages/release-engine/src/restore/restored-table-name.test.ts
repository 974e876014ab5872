import { expect, test } from "vitest";
import { restoredTableName } from "./restored-table-name.ts";

const now = Date.UTC(2026, 10, 28, 16, 15, 1, 999);

test.each([
  ["items-prod", "items-prod-restored-20261128-161501"],
  // The name that it had at first, however often it is restored.
  ["items-prod-restored-20261101-000000", "items-prod-restored-20261128-161501"],
  ["a".repeat(255), `${"a".repeat(230)}-restored-20261128-161501`],
])("%s becomes %s", (table, restored) => {
  expect(restoredTableName(table, now)).toBe(restored);
});
