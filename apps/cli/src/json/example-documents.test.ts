import { type GameDayReport, gameDayReportSchema } from "@slipway/contracts";
import { expect, it } from "vitest";
import { renderGameDay } from "../gameday/render-game-day.ts";
import type { TrafficSent } from "../local/send-traffic.ts";
import type { MachineCheck } from "../setup/machine-checks.ts";
import { golden } from "../test/golden.ts";

// Commands that cannot be run in a test of milliseconds, with why. What they print is held against its schema wherever they are run.

it("slipway doctor looks at this very machine, which is another one each time", async () => {
  const checks: MachineCheck[] = [
    { name: "npm", status: "ok", found: "/usr/bin/npm", next: "" },
    {
      ...{ name: "port 4566", status: "warn", found: "in use" },
      next: "fine if this is local AWS already (slipway local status); otherwise: slipway local start --port N",
    },
  ];

  await golden("doctor", { version: 1, ok: true, checks });
});

it("slipway gameday NAME plays for minutes, with the real Terraform", async () => {
  const report: GameDayReport = gameDayReportSchema.parse({
    ...{ version: 1, name: "bad-release", environment: "prod", manual: false, plantedAt: "2026-11-28T12:00:00.000Z" },
    ...{ incidents: ["i1"], severity: 2, secondsToDetect: 120, secondsToMitigate: 180, secondsToResolve: 540 },
    ...{ requests: 2_400, failed: 61, lostWrites: 0, outcome: "pass", durationMs: 94_000 },
    grades: [{ name: "detected", status: "pass", found: "i1 was opened 120 s after the planting" }],
  });

  await golden("gameday", { version: 1, reports: [report] });
  expect(renderGameDay(report, 80)).toContain("bad-release in prod, rehearsed on local AWS: PASS");
});

it("slipway local traffic needs a deployed API", async () => {
  const sent: TrafficSent = {
    ...{ from: "2026-11-28T12:00:00.000Z", to: "2026-11-28T13:00:00.000Z" },
    ...{ runs: 29, requests: 203, failures: 0 },
  };

  await golden("local traffic", {
    version: 1,
    environment: "prod",
    target: "local AWS at http://127.0.0.1:4566",
    ...sent,
  });
});
