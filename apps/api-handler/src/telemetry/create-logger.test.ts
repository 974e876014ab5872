import { describe, expect, it } from "vitest";
import { createLogger } from "./create-logger.ts";

describe("createLogger", () => {
  it("writes one JSON object per line, also for texts with line ends", () => {
    const lines: string[] = [];
    const log = createLogger(
      "INFO",
      () => new Date(0),
      (line) => lines.push(line),
    );

    log("ERROR", "a\nb", () => ({ status: 500, traceId: undefined }));

    expect(lines).toEqual(['{"level":"ERROR","time":"1970-01-01T00:00:00.000Z","message":"a\\nb","status":500}\n']);
  });

  it.each([
    ["DEBUG", 4],
    ["INFO", 3],
    ["WARN", 2],
    ["ERROR", 1],
  ] as const)("drops what is below %s", (threshold, count) => {
    const lines: string[] = [];
    const log = createLogger(
      threshold,
      () => new Date(0),
      (line) => lines.push(line),
    );
    for (const level of ["DEBUG", "INFO", "WARN", "ERROR"] as const) log(level, "m", () => ({}));
    expect(lines).toHaveLength(count);
  });
});
