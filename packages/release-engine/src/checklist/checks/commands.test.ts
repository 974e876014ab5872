import { describe, expect, test } from "vitest";
import type { ChecklistCheck } from "../checklist-check.ts";
import { FakeChecklist } from "../test/fake-checklist.ts";
import { audit } from "./audit.ts";
import { coverage } from "./coverage.ts";
import { infrastructureScripts } from "./infrastructure-scripts.ts";
import { lint } from "./lint.ts";
import { tests } from "./tests.ts";

describe.each([
  ["npm test", tests],
  ["npm run lint", lint],
  ["npm run validate:infrastructure", infrastructureScripts],
] as [string, ChecklistCheck][])("%s", (command, check) => {
  const ending = (code: number, tail: string) => {
    const world = new FakeChecklist();
    world.commands[command] = { code, tail };
    return world.look(check);
  };

  test("passes with exit code 0, and quotes its last word", async () => {
    expect(await ending(0, "much\n34 passed, 0 failed\n\n")).toMatchObject({
      ...{ status: "pass", found: "34 passed, 0 failed", command },
    });
  });

  test("fails with another, and quotes how it ended", async () => {
    expect(await ending(1, "expected 2 to be 3\n1 failed")).toMatchObject({
      ...{ status: "fail", found: "exit code 1\nexpected 2 to be 3\n1 failed", next: command },
    });
  });

  test.each([
    [127, "sh: 1: vitest: not found", "a program is missing"],
    [1, 'npm error Missing script: "test"', "package.json has no script test"],
    [137, "", "it was ended by signal 9"],
  ])("is unknown where it did not really run (%i)", async (code, tail, found) => {
    expect(await ending(code, tail)).toMatchObject({ status: "unknown", found: expect.stringContaining(found) });
  });
});

test("infrastructure scripts that could not find out are unknown", async () => {
  const world = new FakeChecklist();
  world.commands["npm run validate:infrastructure"] = { code: 2, tail: "a plan could not be made" };

  expect(await world.look(infrastructureScripts)).toMatchObject({ status: "unknown" });
});

describe("coverage", () => {
  const summary = "coverage/coverage-summary.json";
  const measured = (pct: unknown, code = 0) => {
    const world = new FakeChecklist();
    world.commands["npm run test:coverage"] = async () => {
      world.files[summary] = JSON.stringify({ total: { lines: { pct } } });
      world.modified[summary] = (world.modified[summary] ?? 0) + 1;
      return { code, tail: "the end" };
    };
    return world;
  };

  test("passes at the minimum, and fails below it, with both numbers", async () => {
    expect(await measured(80).look(coverage)).toMatchObject({ status: "pass", found: "80 % of the lines are covered" });
    expect(await measured(79.9).look(coverage)).toMatchObject({
      ...{ status: "fail", found: "79.9 % of the lines are covered, at least 80 % are demanded" },
    });
  });

  test("of tests that fail is no good, however much they cover", async () => {
    expect(await measured(99, 1).look(coverage)).toMatchObject({
      ...{ status: "fail", found: "exit code 1\n99 % of the lines are covered\nthe end" },
    });
  });

  test("is unknown without a summary of this very run", async () => {
    const world = new FakeChecklist();
    world.files[summary] = JSON.stringify({ total: { lines: { pct: 99 } } });
    world.modified[summary] = 1;

    expect(await world.look(coverage)).toMatchObject({ status: "unknown", next: expect.stringContaining("summary") });
    expect(await measured("Unknown").look(coverage)).toMatchObject({ status: "unknown" });
  });
});

describe("audit", () => {
  const report = (counts: Record<string, number>, names: string[] = []) => ({
    stdout: JSON.stringify({
      vulnerabilities: Object.fromEntries(names.map((name) => [name, {}])),
      metadata: { vulnerabilities: { info: 0, low: 0, moderate: 0, high: 0, critical: 0, total: 0, ...counts } },
    }),
  });
  const audited = (ended: { stdout: string; code?: number; tail?: string }, fails?: "high") => {
    const world = new FakeChecklist();
    world.commands["npm audit --json"] = ended;
    world.config.release.checklist.auditFails = fails ?? "low";
    return world.look(audit);
  };

  test("passes without known vulnerabilities", async () => {
    expect(await audited(report({}))).toMatchObject({ status: "pass", found: "no known vulnerability" });
  });

  test("fails with one, and says in which packages", async () => {
    expect(await audited({ ...report({ low: 1, high: 2 }, ["tar", "ws"]), code: 1 })).toMatchObject({
      ...{ status: "fail", found: "known vulnerabilities: 1 low, 2 high (tar, ws)", next: "npm audit fix" },
    });
  });

  test("lets pass what is below the severity that the configuration names, and says so", async () => {
    expect(await audited({ ...report({ moderate: 1 }), code: 1 }, "high")).toMatchObject({
      ...{ status: "pass", found: expect.stringContaining("1 moderate; only high and worse stop") },
    });
    expect(await audited({ ...report({ critical: 1 }), code: 1 }, "high")).toMatchObject({ status: "fail" });
  });

  test.each([
    // As npm 11 answers where the registry has no audits, and where nobody can be reached.
    JSON.stringify({
      message: "405 Method Not Allowed - POST https://registry.example/-/npm/v1/security",
      statusCode: 405,
    }),
    JSON.stringify({
      error: { code: "ENOAUDIT", summary: "Your configured registry does not support audit requests" },
    }),
    JSON.stringify({ metadata: { vulnerabilities: {} } }),
    "npm error audit endpoint returned an error",
    "",
  ])("is unknown where no report comes back: %s", async (stdout) => {
    expect(await audited({ stdout, code: 1 })).toMatchObject({ status: "unknown" });
    expect(await audited({ stdout, code: 0 })).toMatchObject({ status: "unknown" });
  });
});
