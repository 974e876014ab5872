import { expect, it } from "vitest";
import { describeProblems } from "./describe-problems.ts";
import { validationConfigSchema } from "./validation-config.ts";

it("has the guide's limits where nothing is said", () => {
  expect(validationConfigSchema.parse({})).toEqual({
    errorRate: { mostPercent: 1 },
    responseTime: { limitMs: 1_000, slowPercent: 5, unnoticedMs: 100 },
    minimumRequests: 100,
    logs: { withinSeconds: 60, errorFilter: '?ERROR ?"Task timed out" ?"Runtime exited"' },
    metricNamespaces: [],
    alarmsWithoutData: [],
    alarmsNotAboutReleases: [],
  });
});

it("keeps a range for the cost, and no origin but the asking one for CORS unless another is named", () => {
  const parsed = validationConfigSchema.parse({
    cors: { path: "/", origin: "https://shop.example.com" },
    monthlyCostUsd: { most: 80 },
  });
  expect(parsed.cors).toEqual({ path: "/", origin: "https://shop.example.com", method: "OPTIONS" });
  expect(parsed.monthlyCostUsd).toEqual({ least: 0, most: 80 });
});

it.each<[object, string]>([
  [{ errorRate: { mostPercent: 0 } }, "errorRate.mostPercent: expected a share in percent, above 0 and at most 100"],
  [{ errorRate: { limit: 1 } }, "errorRate.limit: is not a known key here; known keys: mostPercent"],
  [
    { latency: 5 },
    "latency: is not a known key here; known keys: errorRate, responseTime, minimumRequests, logs, cors, metricNamespaces, alarmsWithoutData, alarmsNotAboutReleases, monthlyCostUsd",
  ],
  [
    { cors: { path: "orders", origin: "*" } },
    "cors.path: expected a path that begins with / and is appended to the API's URL",
  ],
  [
    { alarmsNotAboutReleases: ["orders-backups", "**"] },
    "alarmsNotAboutReleases[1]: expected the name of an alarm, with `*` for a part of it: `*` alone would excuse all of them",
  ],
  [
    { metricNamespaces: ["AWS/Lambda"] },
    "metricNamespaces[0]: expected a namespace of your own: those of AWS are looked at anyway",
  ],
  [{ monthlyCostUsd: { least: 9, most: 5 } }, "monthlyCostUsd.least: expected no more than most"],
])("refuses %j, and says where and why", (value, problem) => {
  const { error } = validationConfigSchema.safeParse(value, { reportInput: true });
  expect(error === undefined ? [] : describeProblems(error)).toEqual([problem]);
});
