import { setTimeout as wait } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import type { ProgressEvent } from "@slipway/release-engine";
import { describe, expect, it } from "vitest";
import { ProgressPrinter, seconds } from "./progress-printer.ts";

function printer(options: { isTty: boolean; columns?: number; env?: NodeJS.ProcessEnv }) {
  let output = "";
  const stderr = {
    write: (text: string) => {
      output += text;
    },
  };
  const progress = new ProgressPrinter({ columns: 80, env: {}, ...options, stderr });
  return { progress, output: () => output };
}

const STARTED: ProgressEvent = { type: "phase-started", phase: "prod.apply", title: "apply prod" };
const FINISHED: ProgressEvent = {
  type: "phase-finished",
  phase: "prod.apply",
  title: "apply prod",
  outcome: "done",
  summary: "49 added",
  durationMs: 24_900,
};

describe("without a terminal", () => {
  it("writes one plain line when a phase ends, and no control codes", () => {
    const { progress, output } = printer({ isTty: false });
    progress.report(STARTED);
    progress.report({ type: "phase-line", phase: "prod.apply", text: "a detail" });
    progress.report(FINISHED);
    progress.report({ ...FINISHED, title: "plan prod", outcome: "nothing-to-do", summary: undefined });
    progress.stop();
    expect(output()).toBe("apply prod - done (24.9 s): 49 added\nplan prod - nothing to do (24.9 s)\n");
  });

  it("says what is waited for while it is: a log that stands still is taken for one that hangs", () => {
    const { progress, output } = printer({ isTty: false });
    progress.report(STARTED);
    progress.report({ type: "phase-line", phase: "prod.apply", text: "waiting 5 min", isWait: true });
    expect(output()).toBe("prod.apply: waiting 5 min\n");
  });

  it("shouts about a failure", () => {
    const { progress, output } = printer({ isTty: false });
    progress.report({ ...FINISHED, outcome: "failed", summary: "AccessDenied" });
    expect(output()).toBe("apply prod - FAILED (24.9 s): AccessDenied\n");
  });
});

describe("in a terminal", () => {
  it("keeps the running phase alive with its latest detail, never wider than the terminal", async () => {
    const { progress, output } = printer({ isTty: true, columns: 60 });
    progress.report(STARTED);
    progress.report({ type: "phase-line", phase: "prod.apply", text: "x".repeat(200) });
    await wait(250);
    progress.report(FINISHED);
    const lines = stripVTControlCharacters(output().replaceAll("\r", "\n")).split("\n");
    expect(lines.some((line) => /^[⠋⠙⠹] apply prod .* s {2}x+…$/.test(line))).toBe(true);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(59);
    expect(lines).toContain("✓ apply prod                          24.9 s  49 added");
  });

  it("has no colours with NO_COLOR", () => {
    const { progress, output } = printer({ isTty: true, env: { NO_COLOR: "1" } });
    progress.report(FINISHED);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes are looked for
    expect(output()).not.toMatch(/\u001b\[\d+m/);
  });
});

it.each([
  [0, "0.0 s"],
  [12_345, "12.3 s"],
  [99_900, "99.9 s"],
  [119_900, "2 min 0 s"],
  [200_000, "3 min 20 s"],
])("writes %d ms as %s", (milliseconds, text) => {
  expect(seconds(milliseconds)).toBe(text);
});
