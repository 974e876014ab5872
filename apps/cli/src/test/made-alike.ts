import { tmpdir } from "node:os";
import { resolve } from "node:path";

const REPOSITORY = resolve(import.meta.dirname, "../../../..");
/** What a pattern would take for more than a text. */
const literally = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
const TIME = "2026-01-01T00:00:00.000Z";

/** Texts that are other ones in each run, or on each machine; in this order. */
const TEXTS: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`${literally(REPOSITORY)}(?=/|\\b)`, "g"), "/slipway"],
  [new RegExp(`${literally(tmpdir())}/[\\w.-]+`, "g"), "/tmp/place"],
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, TIME],
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\dZ/g, "2026-01-01T00:00Z"],
  [/\b\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d(\.\d+)?)?/g, "2026-01-01 00:00"],
  [/\b\d{4}-\d\d-\d\d\b/g, "2026-01-01"],
  // Of backups, exports and events of a log.
  [/\b\d{14}-[0-9a-f]{8}\b/g, "00000000000000-00000000"],
  [/\b\d{8}T\d{6}Z?/g, "20260101T000000Z"],
  [/\b\d{40,}\b/g, "0".repeat(56)],
  [/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, "00000000-0000-4000-8000-000000000000"],
  [/\b[0-9a-f]{64}\b/g, "0".repeat(64)],
  [/\b[0-9a-f]{40}\b/g, "0".repeat(40)],
  [/\b(127\.0\.0\.1|localhost)([:-])\d+/g, "$1$24566"],
  [/(--port |port )\d+/g, "$14566"],
  [/\brestapis\/\w+/g, "restapis/api"],
  [/\b\d+(\.\d+)? (ms|s|min|h)\b/g, "1 $2"],
  [/\(\d+ %\)/g, "(1 %)"],
  // A version of an object in S3, a planted fault, and what makes a name the only one.
  [/^[A-Za-z0-9._]{32}$/, "0".repeat(32)],
  [/^[0-9a-f]{8}$/, "0".repeat(8)],
  [/-[0-9a-f]{6}$/, "-000000"],
];

/** Members that say nothing but when, where or by which process something was done. */
const MEMBERS: Readonly<Record<string, string | number>> = {
  ...{ pid: 1, port: 4566, durationMs: 1, medianSeconds: 1, p90Seconds: 1, lineage: "lineage", token: "token" },
  ...{ host: "host", machine: "machine", processStart: "1", jti: "1", iat: 1_767_225_600, nbf: 1_767_225_600 },
  ...{
    exp: 1_767_225_900,
    likelihood: 0.5,
    signature: "signature",
    days: 30,
    observedDays: 30,
    badMinutes: 1,
    localAwsVersion: "0.0.0",
    requestId: "request",
  },
};

/** A document with everything made alike that differs from run to run, so that it can be compared with one that was kept. */
export function madeAlike(value: unknown, member = ""): unknown {
  if (typeof value === "string") {
    return TEXTS.reduce<string>(
      (text, [pattern, instead]) => text.replace(pattern, instead),
      String(member in MEMBERS ? MEMBERS[member] : value),
    );
  }
  if (typeof value === "number") {
    const alike = MEMBERS[member];
    return typeof alike === "number" ? alike : /Ms$/.test(member) && value !== 0 ? Math.sign(value) : value;
  }
  if (Array.isArray(value)) {
    return (member === "points" ? value.slice(0, 1).map(pointAlike) : value).map((each) => madeAlike(each));
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(isPoint(value) ? pointAlike(value) : value).map(([key, each]) => [
        String(madeAlike(key)),
        madeAlike(each, key),
      ]),
    );
  }
  return value;
}

/** Whether it is a value of a period. */
function isPoint(value: object): boolean {
  return Object.keys(value).length === 2 && "at" in value && "value" in value;
}

/** Traffic of a few seconds may fall into one period or into two. */
function pointAlike(point: object): object {
  return Object.fromEntries(Object.entries(point).map(([key, each]) => [key, typeof each === "number" ? 1 : each]));
}
