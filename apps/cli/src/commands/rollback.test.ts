import type { LedgerBody } from "@slipway/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { golden } from "../test/golden.ts";
import { liveRelease, planOf, type ReleasedEnvironment, releasedEnvironment } from "../test/released-environment.ts";

let prod: ReleasedEnvironment;

/** A release that has applied something, and whose artifact the ledger knows. */
function released(id: string, previous: string | null, version: string, previousVersion: string): LedgerBody[] {
  const [started, ...rest] = liveRelease(planOf(id, previous, "a"), version, previousVersion) as [
    LedgerBody,
    ...LedgerBody[],
  ];
  const finished = { type: "step.finished", outcome: "done", summary: "done", durationMs: 30_000 } as const;
  const sha256 = "b".repeat(64);
  return [
    started,
    {
      ...{ ...finished, step: "infrastructure.apply", kind: "infrastructure.apply" },
      result: { counts: { add: 0, change: 2, destroy: 0 }, changed: true, stateSerial: 2, outputs: {} },
    },
    {
      ...{ ...finished, step: "code.package.orders", kind: "code.package" },
      result: { sha256, sha256Base64: "b64", bytes: 1 },
    },
    {
      ...{ ...finished, step: "code.upload.orders", kind: "code.upload" },
      result: { bucket: "artifacts", key: sha256 },
    },
    ...rest,
  ];
}

beforeAll(async () => {
  prod = await releasedEnvironment();
  await prod.write(prod.ledger("prod"), "r1", released("r1", null, "1", "1"));
  await prod.write(prod.ledger("prod"), "r2", released("r2", "r1", "2", "1"));
  await prod.moveAlias("2");
});

afterAll(async () => {
  await prod?.close();
});

const rollback = (...words: readonly string[]) => prod.run(["rollback", "prod", ...words]);

test.each([
  [["code", "data"], "data: goes back by itself, never along with code or infrastructure"],
  [["everything"], "Allowed choices are code, infrastructure, data"],
  [["code", "infrastructure", "--break-glass"], "not with --plan, --take-over or infrastructure"],
] as const)("%j is refused", async (words, why) => {
  const { code, stderr } = await rollback(...words);
  expect(stderr).toContain(why);
  expect(code).not.toBe(0);
});

test("the plan of the code alone proposes both, with the command and how long it takes", async () => {
  const { code, stdout, stderr } = await rollback("--plan");
  const flat = stdout.replaceAll(/\s+/g, " ");
  expect(code, stderr).toBe(0);
  expect(flat).toContain("code: goes back orders-prod from version 2 to 1");
  expect(flat).toContain("infrastructure: stays as it is r2 has applied 0 to add, 2 to change, 0 to destroy");
  expect(flat).toContain("Code and infrastructure in one: slipway rollback prod code infrastructure --to r1");
});

test("the plan of both puts the traffic first, and shows the rest where Terraform cannot plan", async () => {
  const report = await rollback("infrastructure", "code", "--plan", "--output", "json");
  expect(report.code, report.stderr).toBe(0);
  await golden("rollback", report.stdout, "plan");
  const { preview, steps } = JSON.parse(report.stdout);
  expect(steps[0]).toMatchObject({ id: "traffic.return" });
  expect(preview).toMatchObject({ from: "r2", to: "r1", way: "release", plan: null, together: null });
  expect(preview.parts.map(({ part, goes }: { part: string; goes: boolean }) => `${part} ${goes}`)).toEqual([
    ...["code true", "infrastructure true", "data false"],
  ]);
  // The repository of this test is in no git.
  expect(preview.unknown[0]).toMatch(/^what Terraform would change: /);
  expect((await prod.ledger("prod").read()).at(-1)?.release).toBe("r2");
});

test("both are refused, before any traffic moves, where the commit is not there", async () => {
  const { code, stderr } = await rollback("code", "infrastructure");
  expect(stderr).toMatch(/not (in )?a(ny)? git repository|is not in this repository/);
  expect(code).not.toBe(0);
  expect((await prod.ledger("prod").read()).at(-1)?.release).toBe("r2");
});
