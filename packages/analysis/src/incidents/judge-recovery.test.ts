import { describe, expect, it } from "vitest";
import type { IncidentMeasurements } from "./incident-measurements.ts";
import { judgeRecovery } from "./judge-recovery.ts";
import { API, alarm, config, FUNCTION, look, minutes, ringing, stage, times } from "./test/healthy-measurements.ts";

const recovery = (rest: Partial<IncidentMeasurements>, ...incident: Parameters<typeof judgeRecovery>[2] & object) =>
  judgeRecovery(look(rest), config, incident);
const api = { type: "api", name: API } as const;
const errors = { id: `errors api ${API}`, kind: "errors", resource: api } as const;
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

  it("is an error where what it was about cannot be read, whatever the traffic says", () => {
    const unknown = { unknown: "CloudWatch Logs does not answer" };
    const resource = { type: "function", name: FUNCTION } as const;
    const damaged = { id: "data", kind: "data", resource, fingerprint: "the record is damaged" } as const;
    const refused = { id: `throttling api ${API}`, kind: "throttling", resource: api } as const;
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
    const of = (name: string) =>
      ({ id: `alarm alarm ${name}`, kind: "alarm", resource: { type: "alarm", name } }) as const;

    expect(recovery({ ...confirmed, alarms: { value: [own] } }, of("api-5xx")).status).toBe("successful");
    expect(recovery({ alarms: { value: [other] } }, of("dead-letters"))).toMatchObject({
      status: "failed",
      reason: expect.stringContaining("dead-letters is in ALARM"),
    });
  });

  it("asks no traffic about what watches", () => {
    const missing = { id: "monitoring alarm a", kind: "monitoring", resource: { type: "alarm", name: "a" } } as const;

    expect(recovery({ stages: quiet, probes: null, alarms: { value: [alarm("a")] } }, missing).status).toBe(
      "successful",
    );
    expect(recovery({ alarms: { value: [alarm("a", { observed: null })] } }, missing).status).toBe("failed");
    expect(recovery({ alarms: { unknown: "denied" } }, missing).status).toBe("error");
  });
});
