import { describe, expect, it } from "vitest";
import type { ProbeMeasurement } from "./incident-measurements.ts";
import { API, config, look, stage } from "./test/healthy-measurements.ts";
import { idsOf as ids, signalsOf as signals } from "./test/judged.ts";
import { unknownSources } from "./unknown-sources.ts";

describe("our own requests", () => {
  const probe = (name: string, ...statuses: (number | null)[]): ProbeMeasurement => ({
    ...{ name, expected: [200] },
    attempts: statuses.map((status) => ({
      status,
      durationMs: 5,
      ...(status === null && { why: "connection refused" }),
    })),
  });
  const probes = (...sent: ProbeMeasurement[]) => ({ value: { stage: API, sent } });
  const nobody = { value: [{ ...stage(), minutes: [] }] };

  it("are told of when they fail each time", () => {
    expect(signals({ probes: probes(probe("GET /a", 503, 503, 503), probe("GET /b", 503, 200)) })).toMatchObject([
      {
        kind: "probe",
        value: 50,
        what: "1 of 2 requests of our own is not answered as they should be, tried 3 times: GET /a: 503 instead of 200",
      },
    ]);
  });

  it("without an answer are an outage only where nobody else gets through", () => {
    const unanswered = { probes: probes(probe("GET /a", null, null)) };

    expect(ids({ ...unanswered, stages: nobody })).toEqual([`probe api ${API}`]);
    expect(ids(unanswered)).toEqual([]);
    expect(unknownSources(look(unanswered), config)).toMatchObject([{ source: "our own requests" }]);
  });
});
