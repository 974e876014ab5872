import { type Investigation, investigationSchema, type LedgerBody } from "@slipway/contracts";
import { incidents } from "@slipway/release-engine";
import { afterAll, beforeAll, expect, test } from "vitest";
import { golden } from "../test/golden.ts";
import { liveRelease, planOf, type ReleasedEnvironment, releasedEnvironment } from "../test/released-environment.ts";

let prod: ReleasedEnvironment;

/** A release that has published a version of the function. */
function released(id: string, previous: string | null, version: string, previousVersion: string): LedgerBody[] {
  const plan = planOf(id, previous, "a");
  const publish = { id: "code.publish.orders", kind: "code.publish" } as const;
  const [planned] = plan.steps;
  if (planned === undefined) throw new Error("a plan has steps");
  const steps = [...plan.steps, { ...planned, ...publish, title: "publish orders", function: "orders" }];
  const [, ...rest] = liveRelease(plan, version, previousVersion);
  return [
    { type: "release.started", plan: { ...plan, steps }, authors: [] },
    {
      ...{ type: "step.finished", step: publish.id, kind: publish.kind, outcome: "done", durationMs: 1 },
      summary: `version ${version}`,
      result: {
        functionName: "orders-prod",
        alias: "live",
        version,
        previousVersion,
        changed: version !== previousVersion,
      },
    },
    ...rest,
  ];
}

beforeAll(async () => {
  prod = await releasedEnvironment();
  await prod.write(prod.ledger("prod"), "r1", released("r1", null, "1", "1"));
  await prod.write(prod.ledger("prod"), "r2", released("r2", "r1", "2", "1"));
  await prod.moveAlias("2");
  await prod.setAlarm("ALARM");
});

afterAll(async () => {
  await prod?.close();
});

const say = (verb: string, ...words: readonly string[]) => prod.run(["incident", verb, "prod", ...words]);
const record = async () => incidents(await prod.ledger("prod").read()).at(-1);

async function investigated(...words: readonly string[]): Promise<Investigation> {
  const { code, stdout, stderr } = await say("investigate", ...words, "--output", "json");
  expect(code, stderr).toBe(0);
  return investigationSchema.parse(JSON.parse(stdout));
}

test("where no incident is open it is looked at the last half hour", async () => {
  const found = await investigated();
  await golden("incident investigate", found);
  expect(found).toMatchObject({ version: 1, environment: "prod", incident: null });
  expect(Date.parse(found.to) - Date.parse(found.startedAt)).toBeGreaterThanOrEqual(1_799_000);
  expect(found.sources.map(({ source }) => source)).toContain("ledger");
  expect(found.alarms.map(({ alarm, to }) => `${alarm} ${to}`)).toContain("orders-errors ALARM");
});

test("an incident that is not there is said to be missing", async () => {
  const { code, stderr } = await say("investigate", "i9");
  expect(stderr).toContain("has no i9");
  expect(code).not.toBe(0);
});

test("an investigation is kept, and read at the width of a terminal", async () => {
  const opened = await say("open", "Orders fail", "--severity", "2", "--reason", "customers call");
  expect(opened.code, opened.stderr).toBe(0);
  const { code, stdout, stderr } = await say("investigate");
  expect(code, stderr).toBe(0);
  expect(stdout).toMatch(/^Investigation of i1 of prod: it began at /);
  expect(stdout).toContain("Next (");
  expect(Math.max(...stdout.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(80);
  expect((await record())?.proposal?.command).toMatch(/^slipway /);
});

test("nothing is done where nobody can be asked", async () => {
  const { code, stderr } = await say("mitigate", "--rollback");
  expect(stderr).toContain("--yes: is missing");
  expect(code).not.toBe(0);
  expect((await record())?.actions).toEqual([]);
});

const putBack: LedgerBody[] = [
  { type: "release.putting-back", reason: "Jane wants it back" },
  { type: "release.ended", outcome: "put-back", reason: "Jane wants it back", functions: [] },
];

test("what somebody has rolled back meanwhile is found as it is, by the code of slipway rollback", async () => {
  await prod.write(prod.ledger("prod"), "r2", putBack);
  await prod.moveAlias("1");
  const { stdout, stderr } = await say("mitigate", "--rollback", "--yes", "--output", "json");
  const { action } = JSON.parse(stdout);
  expect(action, stderr).toMatchObject({
    id: "a1",
    kind: "rollback-code",
    automatic: false,
    state: "done",
    release: "r2",
  });
  await golden("incident mitigate", stdout);
  expect(action.found).toContain("r2 is put-back already");
  const noted = await prod.run(["note", "prod", "root-cause", "r2 asked for an index", "--output", "json"]);
  expect(noted.code, noted.stderr).toBe(0);
  await golden("note", noted.stdout);
});

test("an action whose process was killed ends by what its release has come to, and is not done again", async () => {
  const ledger = prod.ledger("prod");
  await prod.write(ledger, "r3", released("r3", "r1", "2", "1"));
  await prod.write(ledger, null, [
    {
      ...{ type: "incident.action-started", incident: "i1", action: "a2", kind: "rollback-code", automatic: false },
      ...{ command: "slipway rollback prod code", because: "r3 is no better" },
    },
  ]);
  await prod.write(ledger, "r3", putBack);
  const { stdout, stderr } = await say("mitigate", "--rollback", "--yes", "--output", "json");
  const { action } = JSON.parse(stdout);
  expect(action, stderr).toMatchObject({ id: "a2", state: "done", release: "r3" });
  expect(action.found).toContain("its end was written down by its release");
  expect((await record())?.actions).toHaveLength(2);
});

const proposed = (command: string): LedgerBody => ({
  ...{ type: "incident.investigated", incident: "i1", suspects: [], withoutSources: [] },
  proposal: { kind: "unlock", because: "a dead run has left a lock", command, safe: false },
});

test("of what fails it is written down what has failed and why, and not what its command says to type next", async () => {
  await prod.write(prod.ledger("prod"), null, [proposed("slipway plan prod")]);
  const { code, stderr } = await say("mitigate", "--yes");
  const action = (await record())?.actions.at(-1);
  expect(code).toBe(1);
  expect(stderr).toContain("Next: ");
  expect(action).toMatchObject({ state: "failed", command: "slipway plan prod" });
  expect(action?.found).not.toContain("Next: ");
  expect(stderr).toContain(action?.found?.split(". ")[0]);
});

test("what was proposed before the last release is not done to that one: it is found out anew", async () => {
  const before = (await record())?.actions.length;
  await prod.write(prod.ledger("prod"), "r4", released("r4", "r1", "1", "1"));
  const { stdout, stderr } = await say("mitigate", "--yes", "--output", "json");
  const { proposal } = JSON.parse(stdout);
  expect(proposal.command, stderr).not.toBe("slipway plan prod");
  expect((await record())?.proposal).toEqual(proposal);
  expect((await record())?.actions).toHaveLength(before ?? 0);
});

test("nothing is done about an incident that is over", async () => {
  const resolved = await say("resolve", "i1", "--override", "nobody calls any more");
  expect(resolved.code, resolved.stderr).toBe(0);
  const { code, stderr } = await say("mitigate", "i1", "--rollback", "--yes");
  expect(stderr).toContain("i1 is resolved");
  expect(code).not.toBe(0);
  expect((await record())?.actions.at(-1)?.command).toBe("slipway plan prod");
});

test("an investigation answers without the state, by what the ledger names, and a look says what it could not see", async () => {
  await prod.forgetState();
  const { stdout, stderr } = await say("investigate", "i1", "--output", "json");
  const found = investigationSchema.parse(JSON.parse(stdout));
  expect(found.incident, stderr).toBe("i1");
  const states = Object.fromEntries(found.sources.map(({ source, state }) => [source, state]));
  expect(states).toMatchObject({ ledger: "answered", "Terraform state": "down", calls: "in-part", alarms: "unknown" });
  expect(found.sources.find(({ source }) => source === "Terraform state")?.why).toContain("is not deployed");
  expect(found.sources.find(({ source }) => source === "numbers")?.why).toContain("the ledger names: orders-prod");

  const looked = await say("detect", "--output", "json");
  expect(JSON.parse(looked.stdout).unknown[0].source, looked.stderr).toContain("Terraform state");
});
