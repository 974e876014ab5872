import { describe, expect, it } from "vitest";
import { createLogger, LOG_LEVELS } from "./create-logger.ts";

describe("createLogger", () => {
  const linesAt = (threshold: (typeof LOG_LEVELS)[number], fields = {}) => {
    const lines: string[] = [];
    const log = createLogger(
      threshold,
      () => new Date(0),
      (line) => lines.push(line),
    );
    for (const level of LOG_LEVELS) log(level, "a\nb", fields);
    return lines;
  };

  it("writes one JSON object per line, also for texts with line ends", () => {
    expect(linesAt("ERROR", { reason: "expired", traceId: undefined })).toEqual([
      '{"level":"ERROR","time":"1970-01-01T00:00:00.000Z","message":"a\\nb","reason":"expired"}\n',
    ]);
  });

  it.each([
    ["DEBUG", 4],
    ["INFO", 3],
    ["WARN", 2],
    ["ERROR", 1],
  ] as const)("drops what is below %s", (threshold, count) => {
    expect(linesAt(threshold)).toHaveLength(count);
  });

  it("writes what carries metrics at every level", () => {
    expect(linesAt("ERROR", { _aws: {} })).toHaveLength(4);
  });
});
