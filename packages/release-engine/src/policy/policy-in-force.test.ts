import {
  type AcceptedFinding,
  type EnvironmentConfig,
  type LedgerBodyOf,
  type LedgerEntry,
  releaseConfigSchema,
  type Waiver,
} from "@slipway/contracts";
import { describe, expect, it } from "vitest";
import { ReleaseError } from "../release-error.ts";
import { type PolicyPorts, policyInForce } from "./policy-in-force.ts";
import { type ReleaseRules, releaseRules } from "./release-rules.ts";

const COMMIT = "c".repeat(40);
const SIGNERS = "jane@example.com ssh-ed25519 AAAA\n";
const waiver = (check: string, changes: Partial<Waiver> = {}): Waiver => ({
  ...{ check, by: "Jane <jane@example.com>", reason: "known", expires: "2026-12-31" },
  ...changes,
});

/** The rules of a configuration, with `signers` beside it. */
function rules(
  release: object,
  { isProtected = true, signers = SIGNERS as string | undefined, accepted = [] as AcceptedFinding[] } = {},
) {
  const config = { protected: isProtected, release: releaseConfigSchema.parse(release) } as EnvironmentConfig;
  return releaseRules(config, { accepted }, async () => signers);
}

/** The ledger of an environment whose last live release is of a commit. */
function entries(commit: string | null = COMMIT): LedgerEntry[] {
  const plan = {
    release: "r3",
    environment: "prod",
    source: { commit, tree: null, dirty: false },
    previous: null,
    steps: [],
  };
  return [
    { release: "r3", at: "", by: { name: "Olga" }, body: { type: "release.started", plan, authors: [] } },
    { release: "r3", at: "", body: { type: "release.ended", outcome: "live", reason: "done", functions: [] } },
  ] as unknown as LedgerEntry[];
}

/** A release of a commit, or a rollback to one, that went live. */
function went(release: string, commit: string, rollsBack?: { readonly from: string; readonly to: string }) {
  const [first, second] = entries(commit) as [LedgerEntry, LedgerEntry];
  const { plan } = first.body as LedgerBodyOf<"release.started">;
  const parts = rollsBack && { rollsBack: { ...rollsBack, parts: ["code"], functions: [] } };
  const body = { ...first.body, plan: { ...plan, release, ...parts } };
  return [{ ...first, release, body } as LedgerEntry, { ...second, release }];
}

const ports = (own: ReleaseRules, at: PolicyPorts["at"]): PolicyPorts => ({
  ...{ own: async () => own, at },
  signaturesBy: ({ text }) => ({ verify: async () => `checked by ${text}` }),
});

async function between(
  before: Parameters<typeof rules>,
  now: Parameters<typeof rules>,
): Promise<Awaited<ReturnType<typeof policyInForce>>> {
  const old = await rules(...before);
  return policyInForce(
    ports(await rules(...now), async (commit) => (commit === COMMIT ? old : undefined)),
    entries(),
  );
}

describe("the rules that a release goes by", () => {
  it("are those of the commit that has the traffic, not those that it brings itself", async () => {
    const strict = { checklist: { reviewers: 2 }, approvals: { infrastructure: 2, signers: "signers" } };
    const lax = { checklist: { reviewers: 0 }, approvals: { infrastructure: 0 } };

    const policy = await between([strict], [lax]);

    expect(policy).toMatchObject({
      ...{ reviewers: 2, approvals: { infrastructure: 2, signers: "signers" } },
      because: "the rules of r3 (cccccccccccc), which has the traffic",
    });
    expect(policy.loosened.map(({ address }) => address)).toEqual([
      "release.checklist.reviewers",
      "release.approvals.infrastructure",
      "release.approvals.signers",
    ]);
  });

  it("are not those that a rollback has brought back, however many there were: nobody has approved these", async () => {
    const [lax, strict] = await Promise.all([
      rules({ checklist: { reviewers: 0 } }),
      rules({ checklist: { reviewers: 2 }, approvals: { infrastructure: 2 } }),
    ]);
    const commits = new Map([
      ["a".repeat(40), lax],
      [COMMIT, strict],
    ]);
    const ledger = [
      ...went("r1", "a".repeat(40)),
      ...went("r2", COMMIT),
      ...went("r3", "a".repeat(40), { from: "r2", to: "r1" }),
      ...went("r4", "a".repeat(40), { from: "r3", to: "r1" }),
    ];

    const policy = await policyInForce(
      ports(lax, async (commit) => commits.get(commit)),
      ledger,
    );

    expect(policy).toMatchObject({
      ...{ reviewers: 2, approvals: { infrastructure: 2 } },
      because: "the rules of r2 (cccccccccccc), before the rollback r4, which has the traffic",
    });
    expect(policy.loosened.map(({ address }) => address)).toContain("release.checklist.reviewers");
  });

  it("are not those of what a live release was put back to, whatever was rolled back after it", async () => {
    const [lax, strict] = await Promise.all([
      rules({ checklist: { reviewers: 0 } }),
      rules({ checklist: { reviewers: 2 }, approvals: { infrastructure: 2 } }),
    ]);
    const [A, B] = ["a".repeat(40), "b".repeat(40)];
    const commits = new Map([
      [A, lax],
      [B, lax],
      [COMMIT, strict],
    ]);
    const putBack = (release: string) => {
      const [, ended] = entries() as [LedgerEntry, LedgerEntry];
      return { ...ended, release, body: { ...ended.body, outcome: "put-back", reason: "bad" } } as LedgerEntry;
    };
    const asked = (ledger: LedgerEntry[]) =>
      policyInForce(
        ports(lax, async (commit) => commits.get(commit)),
        ledger,
      );
    const ledger = [...went("r1", B), ...went("r2", A), ...went("r3", COMMIT), putBack("r3")];

    expect(await asked(ledger)).toMatchObject({
      ...{ reviewers: 2, approvals: { infrastructure: 2 } },
      because: "the rules of r3 (cccccccccccc), which was live and was put back to r2, which has the traffic",
    });
    const further = [...ledger, ...went("r4", B, { from: "r2", to: "r1" })];
    expect(await asked(further)).toMatchObject({
      because: "the rules of r3 (cccccccccccc), before the rollback r4, which has the traffic",
    });
    // What goes live after it brings its own.
    expect(await asked([...further, ...went("r5", B)])).toMatchObject({ reviewers: 0 });
    // A rollback that was put back has brought none, and one that never was live was never in force.
    const taken = [
      ...went("r1", COMMIT),
      ...went("r2", A),
      ...went("r3", COMMIT, { from: "r2", to: "r1" }),
      putBack("r3"),
    ];
    expect(await asked(taken)).toMatchObject({ because: "the rules of r2 (aaaaaaaaaaaa), which has the traffic" });
    const [begun] = went("r3", COMMIT) as [LedgerEntry];
    expect(await asked([...went("r1", B), begun, putBack("r3")])).toMatchObject({ reviewers: 0 });
  });

  it("check signatures by the file of that commit, whatever keys are added to what is checked out", async () => {
    const approvals = { infrastructure: 1, signers: "signers" };

    const policy = await between(
      [{ approvals }],
      [{ approvals }, { signers: `${SIGNERS}mallory@example.com ssh-ed25519 BBBB\n` }],
    );

    expect(await policy.signatures?.verify({ text: "", signature: "", identity: "" })).toBe(`checked by ${SIGNERS}`);
    expect(policy.loosened).toMatchObject([
      {
        ...{ id: "policy.loosened", severity: "high", status: "fail", address: "release.approvals.signers" },
        reason: "Since r3 (cccccccccccc), which has the traffic: other keys may sign approvals than those of signers.",
      },
    ]);
  });

  it.each([
    ["the same", {}, {}],
    ["stricter", { approvals: { infrastructure: 1 } }, { approvals: { infrastructure: 2, signers: "signers" } }],
    ["moved, with the same keys in it", { approvals: { signers: "a" } }, { approvals: { signers: "b" } }],
    ["with a waiver of what keeps no watch over authors", {}, { waivers: [waiver("checklist.recovery-tested")] }],
    [
      "with a waiver that was there, for a shorter time",
      { waivers: [waiver("checklist.code-review")] },
      { waivers: [waiver("checklist.code-review", { expires: "2026-12-01", subject: "x" })] },
    ],
  ])("are loosened by nothing where the new ones are %s", async (_, before, now) => {
    const { loosened, approvals } = await between([before], [now]);

    expect(loosened).toEqual([]);
    expect(approvals.infrastructure).toBe(
      (now as { approvals?: { infrastructure?: number } }).approvals?.infrastructure ?? 0,
    );
  });

  it.each([
    ["a waiver of a review", { waivers: [waiver("checklist.code-review")] }, "release.waivers[checklist.code-review]"],
    [
      "a waiver of what puts back",
      { waivers: [waiver("validation.error-rate")] },
      "release.waivers[validation.error-rate]",
    ],
    [
      "a waiver of what puts back at one checkpoint",
      { waivers: [waiver("validation.short.error-rate")] },
      "release.waivers[validation.short.error-rate]",
    ],
    [
      "less that puts back",
      { checkpoints: { rollBackOn: ["validation.immediate.function-responds"] } },
      expect.stringMatching(/^release\.checkpoints\.rollBackOn\[validation\./),
    ],
  ])("are loosened by %s", async (_, now, address) => {
    const { loosened } = await between([{}], [now]);

    expect(loosened.map((each) => each.address)).toContainEqual(address);
  });

  it("are loosened by a waiver that lasts longer, or that somebody else is said to have given", async () => {
    const before = { waivers: [waiver("checklist.code-review")] };
    for (const changes of [{ expires: "2027-12-31" }, { by: "The boss <boss@example.com>" }]) {
      const { loosened } = await between([before], [{ waivers: [waiver("checklist.code-review", changes)] }]);
      expect(loosened).toHaveLength(1);
    }
  });

  it("are loosened by taking the environment's protection away, and hold as long as that is not accepted", async () => {
    const { loosened, isProtected } = await between([{}], [{}, { isProtected: false }]);

    expect(loosened).toMatchObject([{ address: "protected" }]);
    expect(isProtected).toBe(true);
  });
});

it("has what the release accepts of the infrastructure from the commit before, and of a first release from itself", async () => {
  const accepted: AcceptedFinding[] = [{ finding: "exposure.unauthenticated-api", address: "a", reason: "public" }];

  expect((await between([{}, { accepted }], [{}])).accepted).toEqual(accepted);
  expect((await between([{}], [{}, { accepted }])).accepted).toEqual([]);
  const never = () => Promise.reject(new Error("nobody asks"));
  expect(await policyInForce(ports(await rules({}, { accepted }), never), [])).not.toHaveProperty("accepted");
});

describe("a release's own rules", () => {
  it("are in force for the first release, and that is said", async () => {
    const never = () => Promise.reject(new Error("nobody asks"));

    expect(await policyInForce(ports(await rules({}), never), [])).toMatchObject({
      ...{ reviewers: 2, loosened: [], because: "its own rules, because nothing was released before" },
    });
    expect(await policyInForce(ports(await rules({}), never), entries(null))).toMatchObject({
      because: "its own rules, because r3, which has the traffic, was made without a commit",
    });
  });

  it("pass nothing where the commit that has the traffic is not in the clone: the way to get it is said", async () => {
    const missing = new ReleaseError({
      kind: "not-found",
      what: "No commit",
      why: "shallow",
      next: "git fetch --unshallow",
    });

    const { unknown } = await policyInForce(
      ports(await rules({}), () => Promise.reject(missing)),
      entries(),
    );

    expect(unknown).toEqual({
      what: "The rules of r3 (cccccccccccc), which has the traffic, cannot be read",
      ...{ why: "No commit: shallow", next: "git fetch --unshallow" },
    });
  });

  it("name no file of signers that is not there", async () => {
    const config = { protected: true, release: releaseConfigSchema.parse({ approvals: { signers: "gone" } }) };
    await expect(releaseRules(config as EnvironmentConfig, undefined, async () => undefined)).rejects.toMatchObject({
      ...{ kind: "usage", what: "There is no file gone" },
    });
  });
});
