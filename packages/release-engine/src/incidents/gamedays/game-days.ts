import type { GameDay } from "./game-day.ts";

const takenBack = { by: "slipway", action: "rollback-code" } as const;

/** Calls that end with an error are among the answers and in the logs: what is rare, or new, shows in one of them first. */
const failedCalls = ["errors", "log-errors"] as const;

/** All game days, in the order in which a team might play them. */
export const gameDays: readonly GameDay[] = [
  {
    ...{ name: "bad-release", plants: ["bad-release"], incidents: 1, severities: [2], signals: [failedCalls] },
    summary: "a release passes its tests and its canary, and fails two of five requests of its users",
    cure: takenBack,
  },
  {
    ...{ name: "slow-release", plants: ["slow-release"], incidents: 1, severities: [2, 3], signals: ["latency"] },
    summary: "a release lets three of five users wait for seconds",
    cure: takenBack,
  },
  {
    ...{ name: "memory-leak", plants: ["leaking-release"], incidents: 1, severities: [2, 3] },
    ...{ summary: "a release keeps memory of each request until Lambda kills it", signals: ["resources"] },
    cure: takenBack,
  },
  {
    ...{ name: "cold-start-storm", plants: ["slow-starting-release"], incidents: 1, severities: [2, 3, 4] },
    ...{ summary: "a release takes seconds to start, and its processes do not live long", signals: [failedCalls] },
    cure: takenBack,
  },
  {
    ...{ name: "bad-infrastructure", plants: ["bad-infrastructure"], incidents: 1, severities: [1, 2] },
    ...{ summary: "a release throttles the API for everybody", signals: ["throttling"] },
    cure: { by: "person", proposes: ["rollback-infrastructure"] },
  },
  {
    ...{ name: "table-throttled", plants: ["table-throttled"], incidents: 1, severities: [1, 2] },
    ...{ summary: "DynamoDB refuses most of the table's requests for a while", signals: ["throttling"] },
    ...{ cure: { by: "person", proposes: ["raise-limit", "wait"] }, passesAfterMinutes: 3 },
  },
  {
    ...{ name: "table-unreachable", plants: ["table-unreachable"], incidents: 1, severities: [1, 2] },
    ...{ summary: "DynamoDB answers nothing but errors for a while", signals: ["errors"] },
    ...{ cure: { by: "person", proposes: ["wait", "look"] }, passesAfterMinutes: 3 },
  },
  {
    ...{ name: "corrupted-data", plants: ["corrupted-data"], incidents: 1, severities: [1], damagesData: true },
    ...{ summary: "somebody's job overwrites items with what the API cannot read", signals: ["data"] },
    cure: { by: "person", proposes: ["undo-data", "restore-data"] },
  },
  {
    ...{ name: "permission-revoked", plants: ["permission-revoked"], incidents: 1, severities: [1, 2] },
    ...{ summary: "somebody takes the function's rights on its table away", signals: ["security", "errors"] },
    cure: { by: "person", proposes: ["reapply-infrastructure"] },
  },
  {
    ...{ name: "alarm-deleted", plants: ["alarm-deleted"], incidents: 1, severities: [4, 3] },
    ...{ summary: "somebody deletes the alarm on errors", signals: ["monitoring"] },
    cure: { by: "person", proposes: ["reapply-infrastructure"] },
  },
  {
    ...{ name: "poisoned-input", plants: ["poisoned-input"], incidents: 1, severities: [2, 3] },
    ...{ summary: "some requests crash the function, whichever release it is", signals: [failedCalls] },
    cure: { by: "person", proposes: ["block-input", "look"] },
  },
  {
    ...{ name: "traffic-spike", plants: ["traffic-spike"], incidents: 1, severities: [2, 3] },
    ...{ summary: "more users come than the limits let in", signals: ["throttling"] },
    ...{ cure: { by: "person", proposes: ["raise-limit", "wait"] }, passesAfterMinutes: 3 },
  },
  {
    ...{ name: "dead-lock", plants: ["dead-lock"], incidents: 1, severities: [4, 3], signals: ["operations"] },
    summary: "a machine goes away in the middle of a deploy, with the lease and the lock of Terraform's state",
    cure: { by: "person", proposes: ["resume-release", "unlock"] },
  },
  {
    ...{ name: "two-faults", plants: ["bad-release", "alarm-deleted"], incidents: 2, severities: [2] },
    ...{ summary: "a bad release, and an alarm that is not there to tell of it", signals: [failedCalls, "monitoring"] },
    ...{ cure: takenBack, alsoProposes: ["reapply-infrastructure"] },
  },
];
