import { describe, expect, it } from "vitest";
import type { IncidentMeasurements } from "./incident-measurements.ts";
import { judgeRecovery } from "./judge-recovery.ts";
import { judgeSignals } from "./judge-signals.ts";
import { signalOf } from "./signal-context.ts";
import {
  API,
  alarm,
  config,
  FUNCTION,
  look,
  minutes,
  NOW,
  ringing,
  stage,
  times,
} from "./test/healthy-measurements.ts";

const recovery = (rest: Partial<IncidentMeasurements>, ...incident: Parameters<typeof judgeRecovery>[2] & object) =>
  judgeRecovery(look(rest), config, incident);
const api = { type: "api", name: API } as const;
const errors = signalOf("errors", api, NOW, { what: "requests fail" });
const damaged = signalOf("data", { type: "function", name: FUNCTION }, NOW, {
  ...{ what: "the record is damaged", fingerprint: "damaged", value: 12 },
});
const quiet = { value: [{ ...stage(), minutes: minutes({ requests: 1, errors: 0, timed: 1, slow: 0 }) }] };

describe("judgeRecovery", () => {
  it("needs both, errors and response times, back in range for the window", () => {
    expect(recovery({}, errors).status).toBe("successful");
    expect(recovery({ stages: { value: [stage({ errors: 60 })] } }, errors).status).toBe("failed");
    expect(recovery({ stages: { value: [stage(...times(5, { slow: 40 }))] } }).status).toBe("failed");
    expect(recovery({ stages: { value: [stage(...times(5, { errors: 90 }), ...times(5, {}))] } }, errors).status).toBe(
      "successful",
    );
  });

  it("takes too few requests for no proof, unless our own are answered", () => {
    expect(recovery({ stages: quiet, probes: null }, errors).status).toBe("inconclusive");
    expect(recovery({ stages: quiet }, errors)).toMatchObject({
      status: "successful",
      reason: expect.stringContaining("requests of our own"),
    });
    const probes = {
      value: { stage: API, sent: [{ name: "GET /", expected: [200], attempts: [{ status: 503, durationMs: 1 }] }] },
    };
    expect(recovery({ stages: quiet, probes }, errors).status).toBe("inconclusive");
  });

  it("is an error where nobody can read the numbers", () => {
    expect(recovery({ stages: { unknown: "CloudWatch does not answer" } }, errors).status).toBe("error");
  });

  it("waits for an error that is logged on, though it is no more than in the hour before by now", () => {
    const logged = (count: number) => ({
      logs: {
        value: {
          errors: [
            {
              ...({ fingerprint: "damaged", category: "data", function: FUNCTION, versions: {}, minutes: 4 } as const),
              ...{ count, before: 120, firstAt: NOW - 200_000 },
            },
          ],
          ...{ total: count, totalBefore: 120, windowMs: 300_000, beforeMs: 3_600_000 },
        },
      },
    });

    expect(judgeSignals(look(logged(10)), config)).toEqual([]);
    expect(recovery(logged(10), damaged)).toMatchObject({
      status: "failed",
      reason: expect.stringContaining("It goes on: the record is damaged."),
    });
    expect(recovery(logged(3), damaged).status).toBe("successful");
  });

  it("is an error where what it was about cannot be read, whatever the traffic says", () => {
    const unknown = { unknown: "CloudWatch Logs does not answer" };
    const refused = signalOf("throttling", api, NOW, { what: "requests are refused" });
    const error = { status: "error", reason: expect.stringContaining("CloudWatch Logs does not answer") };

    expect(recovery({ logs: unknown }, damaged)).toMatchObject(error);
    expect(recovery({ stages: { value: [{ ...stage(), refused: unknown }] } }, refused)).toMatchObject(error);
    expect(recovery({ stages: { value: [{ ...stage(), refused: { value: [] } }] } }, refused).status).toBe(
      "successful",
    );
    expect(recovery({ logs: unknown }, errors).status).toBe("successful");
  });

  it("does not wait for an alarm that looks back, and waits for every other", () => {
    const confirmed = { stages: { value: [stage(...times(5, { errors: 90 }), ...times(5, {}))] } };
    const own = alarm("api-5xx", { metric: "errors", watches: [`api ${API}`], observed: ringing() });
    const other = alarm("dead-letters", { observed: ringing() });
    const of = (name: string) => signalOf("alarm", { type: "alarm", name }, NOW, { what: `${name} is in ALARM` });

    expect(recovery({ ...confirmed, alarms: { value: [own] } }, of("api-5xx")).status).toBe("successful");
    expect(recovery({ alarms: { value: [other] } }, of("dead-letters"))).toMatchObject({
      status: "failed",
      reason: expect.stringContaining("dead-letters is in ALARM"),
    });
  });

  it("asks no traffic about a backup, and waits for its alarm", () => {
    const dropped = (observed = ringing()) => alarm("a", { metric: "dropped-backups", observed });
    const backup = signalOf("backup", { type: "alarm", name: "a" }, NOW, { what: "a is in ALARM" });

    expect(recovery({ stages: quiet, probes: null, alarms: { value: [alarm("a")] } }, backup).status).toBe(
      "successful",
    );
    expect(recovery({ alarms: { value: [dropped()] } }, backup)).toMatchObject({
      ...{ status: "failed", reason: expect.stringContaining("a is in ALARM") },
    });
    expect(recovery({ alarms: { unknown: "denied" } }, backup).status).toBe("error");
  });

  it("asks no traffic about what watches", () => {
    const missing = signalOf("monitoring", { type: "alarm", name: "a" }, NOW, { what: "it is not there" });

    expect(recovery({ stages: quiet, probes: null, alarms: { value: [alarm("a")] } }, missing).status).toBe(
      "successful",
    );
    expect(recovery({ alarms: { value: [alarm("a", { observed: null })] } }, missing).status).toBe("failed");
    expect(recovery({ alarms: { unknown: "denied" } }, missing).status).toBe("error");
  });
});
