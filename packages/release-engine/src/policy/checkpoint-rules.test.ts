import { type EnvironmentConfig, releaseConfigSchema } from "@slipway/contracts";
import { expect, it } from "vitest";
import { rollBackOn } from "../checkpoints/roll-back-on.ts";
import { ReleaseError } from "../release-error.ts";
import { checkpointRules } from "./checkpoint-rules.ts";
import { releaseRules } from "./release-rules.ts";

const COMMIT = "c".repeat(40);
const WAIVER = { check: "validation.user-feedback", by: "Jane", reason: "nobody asks", expires: "2026-12-31" };
const COST = "validation.extended.cost-expected";
const LAX = { checkpoints: { rollBackOn: ["function-responds"] }, waivers: [WAIVER] };
const OTHERS = { checkpoints: { rollBackOn: ["error-rate", "cost-expected"] } };

/** Rules whose limits can be told from those of others. */
const rules = (release: object) =>
  releaseRules(
    {
      protected: true,
      release: releaseConfigSchema.parse(release),
      validation: { of: release } as object,
    } as EnvironmentConfig,
    undefined,
    async () => "",
  );
const missing = new ReleaseError({ kind: "not-found", what: "No commit", why: "shallow", next: "git fetch" });

function judgedBy(own: object | Error, live: object | Error | undefined, { commit = COMMIT as string | null } = {}) {
  const read = (release: object | Error) => (release instanceof Error ? Promise.reject(release) : rules(release));
  return checkpointRules(
    { own: () => read(own), at: async (asked) => (live && asked === commit ? read(live) : undefined) },
    { release: "r3", source: { commit, tree: null, dirty: false } },
  );
}

it("are those of the commit that is live, not those that are checked out", async () => {
  expect(await judgedBy(LAX, OTHERS)).toEqual({
    ...{ rollBackOn: rollBackOn(["error-rate", "cost-expected"]), waivers: [], ignored: [], limits: { of: OTHERS } },
    because: "the rules of r3 (cccccccccccc)",
  });
  expect(await judgedBy(OTHERS, LAX)).toMatchObject({
    ...{ rollBackOn: rollBackOn(["function-responds"]), waivers: [WAIVER] },
  });
});

it.each<[string, Error | undefined, RegExp]>([
  [
    "is not in the clone",
    missing,
    /so the strictest count, with the limits that are checked out \(No commit: shallow; git fetch\)/,
  ],
  [
    "does not have the environment",
    undefined,
    /so the strictest count, with the limits that are checked out \(its commit does not have this environment\)/,
  ],
  [
    "cannot be written to a folder",
    new Error("ENOSPC"),
    /so the strictest count, with the limits that are checked out \(Error: ENOSPC\)/,
  ],
])(
  "are the strictest where the live commit %s: what is checked out adds to them, and takes nothing",
  async (_, live, unknown) => {
    const lax = await judgedBy(LAX, live);
    expect(lax).toMatchObject({
      ...{ rollBackOn: rollBackOn(), waivers: [], unknown: expect.stringMatching(unknown) },
      ignored: [{ waiver: WAIVER, why: "nobody knows whether r3 (cccccccccccc) has it" }],
    });
    expect(lax).not.toHaveProperty("limits");
    expect((await judgedBy(OTHERS, live)).rollBackOn).toEqual(new Set([...rollBackOn(), COST]));
  },
);

it("are known even where what is checked out is broken", async () => {
  const broken = new ReleaseError({ kind: "usage", what: "x", why: "y", next: "z" });

  expect((await judgedBy(broken, OTHERS)).rollBackOn).toContain(COST);
  expect(await judgedBy(broken, missing)).toMatchObject({ rollBackOn: rollBackOn(), waivers: [] });
  expect(await judgedBy(broken, undefined, { commit: null })).toMatchObject({ rollBackOn: rollBackOn() });
});

it("are those that are checked out where the release was made without a commit, and that is said", async () => {
  expect(await judgedBy(LAX, undefined, { commit: null })).toMatchObject({
    ...{ rollBackOn: rollBackOn(["function-responds"]), waivers: [WAIVER] },
    because: "the rules that are checked out, because r3 was made without a commit",
  });
});

it("are not looked for any further by who was asked to stop", async () => {
  const stopped = new ReleaseError({ kind: "interrupted", what: "x", why: "y", next: "z" });

  await expect(judgedBy(LAX, stopped)).rejects.toBe(stopped);
});
