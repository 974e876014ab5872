import type { RehearsalReport, SmokeScenario } from "@slipway/contracts";
import { expect, it } from "vitest";
import { golden } from "../test/golden.ts";
import { renderReport, renderSmoke } from "./render-report.ts";

const SCENARIO = {
  timeoutSeconds: 10,
  steps: [
    { name: "health", method: "GET", path: "/health", expect: { status: 200 } },
    { name: "created", method: "POST", path: "/things", body: { name: "it's {runId}" }, expect: { status: 201 } },
  ],
  cleanup: [],
} satisfies SmokeScenario;

const STEP = { name: "health", request: "GET /health", status: 200, durationMs: 12.4, attempts: 1 };

const REPORT: RehearsalReport = {
  version: 1,
  label: "rehearsed on local AWS",
  environment: "prod",
  endpoint: "http://127.0.0.1:4600",
  apiUrl: "http://127.0.0.1:4600/restapis/a/prod/_user_request_",
  functionVersion: "2",
  artifactSha256: "ab".repeat(32),
  functions: [
    {
      name: "handler",
      functionName: "handler-prod",
      functionVersion: "2",
      previousVersion: "1",
      artifactSha256: "ab".repeat(32),
      changed: true,
    },
  ],
  roles: {
    bootstrap: "arn:aws:iam::000000000000:role/slipway-bootstrap",
    plan: "arn:aws:iam::000000000000:role/slipway-prod-plan",
  },
  terraform: { bootstrap: { add: 10, change: 0, destroy: 0 }, prod: { add: 49, change: 1, destroy: 2 } },
  durationsMs: { total: 57_800 },
  smoke: { passed: true, steps: [{ ...STEP, outcome: "passed" }], cleanup: [], durationMs: 20 },
  changed: true,
};

it("says what was done, where it is, and what to try, with the port where it is not the usual one", async () => {
  await golden("rehearse", REPORT);
  const text = renderReport(REPORT, SCENARIO, 4600);
  expect(text).toContain("prod is up, rehearsed on local AWS in 57.8 s.");
  expect(text).toContain("  API         http://127.0.0.1:4600/restapis/a/prod/_user_request_\n");
  expect(text).toContain("              prod 49 added, 1 changed, 2 destroyed\n");
  expect(text).toContain("  Functions   handler-prod version 2, sha256 abababababab\n");
  expect(text).toContain("  Roles       bootstrap as slipway-bootstrap\n              plan as slipway-prod-plan\n");
  expect(renderReport({ ...REPORT, roles: {} }, SCENARIO, 4600)).toContain("  Roles       none: done as root");
  expect(text).toContain("npx slipway local status --port 4600");
  // The body survives a shell: an apostrophe would end the quotes.
  expect(text).toContain(`-d '{"name":"it'\\''s by hand"}'`);
  expect(renderReport(REPORT, SCENARIO, 4566)).not.toContain("--port");
});

it("says that there was nothing to do", () => {
  expect(renderReport({ ...REPORT, changed: false }, SCENARIO, 4566)).toContain(
    "Nothing to do: prod is as the configuration says",
  );
});

it("names what was waived, by whom, until when and why, however long the line before it is", () => {
  const evidence = {
    ...{
      check: "checklist.code-review",
      title: "Code reviewed",
      status: "waived" as const,
      at: "2026-11-28T12:00:00Z",
    },
    found: `nobody has read ${"these files ".repeat(20)}`,
    waiver: { by: "rehearsal", reason: "a rehearsal changes nothing that others use", expires: "2026-11-28" },
  };
  expect(renderReport({ ...REPORT, checklist: [evidence] }, SCENARIO, 4566)).toMatch(
    /…\n {11}Waived by rehearsal, until 2026-11-28: a rehearsal changes nothing\n {13}that others use\n/,
  );
});

it("suggests nothing when local AWS ends with the job", () => {
  expect(renderReport(REPORT, SCENARIO, undefined)).not.toContain("Try next");
});

it("suggests nothing after a failed smoke test, and says which step failed and why", () => {
  const smoke: RehearsalReport["smoke"] = {
    passed: false,
    steps: [
      { ...STEP, outcome: "passed" },
      {
        ...STEP,
        name: "created",
        request: "POST /things",
        status: 500,
        outcome: "failed",
        message: "expected 201\ngot 500",
      },
    ],
    cleanup: [],
    durationMs: 20,
  };
  expect(renderReport({ ...REPORT, smoke }, SCENARIO, 4566)).not.toContain("Try next");
  expect(renderSmoke(smoke)).toBe(
    "passed  health (GET /health: 200, 12 ms)\nfailed  created (POST /things: 500, 12 ms)\n        expected 201\n        got 500\n",
  );
});

it("tells lines of one title apart by what was looked at", () => {
  const unknown = (subject: string) => ({
    ...{ check: "checklist.recovery-tested", title: "Recovery procedures tested", status: "unknown" as const, subject },
    ...{ found: "it was never rehearsed", at: "2026-11-28T12:00:00.000Z" },
  });
  const text = renderReport({ ...REPORT, checklist: [unknown("state"), unknown("undo")] }, SCENARIO, 4600, 120);
  expect(text).toContain("Recovery procedures tested: state: it was never rehearsed");
  expect(text).toContain("Recovery procedures tested: undo: it was never rehearsed");
});
