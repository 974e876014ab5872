import { expect, it } from "vitest";
import { thisRunner } from "./this-runner.ts";

const { name, process: own, newToken, isGone } = thisRunner();
const holder = { token: "t", name: "x", since: "2026-01-01T00:00:00Z", expiresAt: "2026-01-01T00:00:30Z" };

it("says who and which process it is", () => {
  expect(name).toMatch(new RegExp(`^\\S+@\\S+ \\(process ${process.pid}\\)$`));
  expect(newToken()).not.toBe(newToken());
});

it("takes only a process of this machine for gone, and only when it is", () => {
  expect(isGone(holder)).toBe(false);
  expect(isGone({ ...holder, process: { machine: "another", pid: 2 ** 22 - 1 } })).toBe(false);
  if (own !== undefined) {
    expect(isGone({ ...holder, process: own })).toBe(false);
    // Above what Linux gives out.
    expect(isGone({ ...holder, process: { ...own, pid: 2 ** 22 + 1 } })).toBe(true);
  }
});
