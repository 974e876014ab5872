import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import type { BenchReport } from "./run-benchmarks.ts";

async function bench(...words: readonly string[]) {
  const child = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", join(import.meta.dirname, "main.ts"), ...words],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { code, stdout, stderr };
}

test("--help lists the benchmarks and ends with 0", async () => {
  const { code, stdout } = await bench("--help");

  expect(code).toBe(0);
  expect(stdout).toContain(
    "verdicts, commands, plan-gate, dynamodb, journal, invoke, ingest, boot, insights, handler, release, job",
  );
});

test("wrong usage ends with 2", async () => {
  const { code, stdout, stderr } = await bench("--only", "everything");

  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain("--only: there is no benchmark 'everything'.");
});

test("measures a warm call through the gateway beside a direct one, and judges it", async () => {
  const { code, stdout, stderr } = await bench(...["--only", "invoke", "--quick", "--rounds", "1", "--output", "json"]);
  const report = JSON.parse(stdout) as BenchReport;

  expect(report, stderr).toMatchObject({
    ...{ version: 1, quick: true },
    benchmarks: [{ name: "invoke", failed: false, rounds: 1, figures: [{ target: { is: "at most", value: 5 } }] }],
  });
  // Whether the target is met is the machine's affair; that the exit code says so is ours.
  expect(code).toBe(report.passed ? 0 : 1);
});
