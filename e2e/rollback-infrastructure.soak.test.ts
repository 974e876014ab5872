// Five kinds of bad change are put back; a rollback is killed before and after each entry that goes into the ledger; each of its calls to
// AWS fails once in each manner; and a table with data is not destroyed by haste. About an hour on two cores that do nothing else.
// SLIPWAY_KILLS=3 kills at so many entries only, SLIPWAY_APART=100 makes fewer rounds of failing calls (one call in so many fails in each,
// the first of them only), -t "index removed" one of the tests, SLIPWAY_LABS=1 one after the other.
import { execFileSync } from "node:child_process";
import { ListTablesCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  approve,
  badInfrastructure,
  badInfrastructureOf,
  expectInfrastructureBack,
  releaseBadly,
  rollInfrastructureBack,
} from "./release/bad-infrastructure.ts";
import { failingCalls } from "./release/every-call-fails.ts";
import { LAB_ENVIRONMENT, type Lab } from "./release/lab.ts";
import { Labs } from "./release/labs.ts";
import type { RecordedCall } from "./release/recorded-call.ts";
import {
  type BadMoment,
  type RollbackKill,
  recordRollback,
  rollBackThrough,
  surviveRollbackKill,
} from "./release/rollback-under-faults.ts";

const atOnce = { canary: [] };
const MOST_KILLS = Number(process.env.SLIPWAY_KILLS ?? Number.POSITIVE_INFINITY);
const APART = Number(process.env.SLIPWAY_APART ?? 12);

describe("a rollback of the infrastructure", () => {
  let labs: Labs;
  const good = new Map<Lab, string>();

  beforeAll(async () => {
    labs = await Labs.open(atOnce);
  }, 30 * 60_000);

  afterAll(async () => {
    await labs?.close();
  });

  /** Comes to the first release, and makes a bad one after it. */
  async function breakIt(lab: Lab, bad: (typeof badInfrastructure)[number]): Promise<BadMoment> {
    await lab.backTo("one");
    const commit = lab.repository.head();
    good.set(lab, commit);
    await releaseBadly(lab, bad, atOnce);
    const { entries } = await lab.ledger();
    const ended = entries.findLast(({ release, body }) => release === "r2" && body.type === "release.ended")?.body;
    return { good: commit, servedBy: ended?.type === "release.ended" && ended.outcome === "live" ? "two" : "one" };
  }

  test.each(badInfrastructure)("$name: it is put back, and a plan afterwards is clean", async (bad) => {
    const lab = labs.first;
    const { good: commit, servedBy } = await breakIt(lab, bad);
    const wasAsked = await rollInfrastructureBack(lab, bad.accepts);
    expect(wasAsked, "the gate is the same as for a release").toBe(bad.accepts.length > 0);
    await expectInfrastructureBack(lab, commit, servedBy);
  });

  test("of code and infrastructure together is planned before, moves the traffic first, and is back whole", async () => {
    const lab = labs.first;
    const { good: commit } = await breakIt(lab, badInfrastructureOf("memory cut"));
    const words = ["rollback", LAB_ENVIRONMENT, "code", "infrastructure"];
    const { entries: before } = await lab.ledger();
    const planned = await lab.run(...words, "--plan", "--output", "json");
    expect(planned.code, planned.stderr).toBe(0);
    expect(JSON.parse(planned.stdout).preview).toMatchObject({
      ...{ to: "r1", plan: { changed: true, gate: "open", release: null, source: { commit, dirty: false } } },
    });
    expect((await lab.ledger()).entries, "it is only shown").toEqual(before);
    const worktrees = execFileSync("git", ["worktree", "list"], { cwd: lab.repository.path, encoding: "utf8" });
    expect(worktrees.trim().split("\n"), "nothing of it is left").toHaveLength(1);

    await lab.must(...words);
    await expectInfrastructureBack(lab, commit, "one");
    const order = (await lab.ledger()).entries.flatMap(({ release, body }) =>
      release === "r3" && body.type === "step.finished" ? [body.step] : [],
    );
    expect(order.slice(0, 2)).toEqual(["traffic.return", "infrastructure.plan"]);
    const again = await lab.run(...words);
    expect([again.code, again.stdout], again.stderr).toEqual([0, expect.stringContaining("back already")]);
  });

  describe("that is disturbed", () => {
    let moment: BadMoment;
    let calls: readonly RecordedCall[];

    beforeAll(async () => {
      // In each of them: an attempt is made in whichever is free.
      for (const lab of labs.all) {
        moment = await breakIt(lab, badInfrastructureOf("memory cut"));
        await lab.keep("bad");
      }
      calls = await recordRollback(labs.first, { ...moment, good: good.get(labs.first) ?? "" });
    }, 30 * 60_000);

    const momentOf = (lab: Lab): BadMoment => ({ ...moment, good: good.get(lab) ?? "" });

    test("by a kill at each of the ledger's entries converges", async () => {
      const entries = calls.filter(({ addsEntry }) => addsEntry).length;
      const places = Math.min(entries, MOST_KILLS);
      // Spread over all of them, where there are to be fewer.
      const kills = Array.from({ length: places }, (_, index) => Math.ceil(((index + 0.5) * entries) / places)).flatMap(
        (entry) =>
          (["before", "after"] as const).map((when): RollbackKill => {
            const way = (entry + (when === "before" ? 0 : 1)) % 2 === 0 ? "resume" : "again";
            return { entry, when, kind: entry % 2 === 0 ? "alone" : "with-children", way };
          }),
      );
      const { results, failures } = await labs.attemptAll(kills, (lab, kill) =>
        surviveRollbackKill(lab, momentOf(lab), kill),
      );
      expect(failures).toEqual([]);
      // After the last one it may have ended before it could be killed.
      expect(results.filter((wasKilled) => wasKilled).length).toBeGreaterThanOrEqual(kills.length - 1);
    });

    test("by calls that fail, each once and in each manner, ends well or is resumed", async () => {
      const rounds = failingCalls(calls, APART);
      const some = process.env.SLIPWAY_APART === undefined ? rounds : rounds.slice(0, 4);
      const { results, failures } = await labs.attemptAll(some, (lab, each) =>
        rollBackThrough(lab, momentOf(lab), each),
      );
      expect(failures).toEqual([]);
      const struck = results.reduce((sum, each) => sum + each.struck, 0);
      const meant = some.reduce((sum, each) => sum + each.calls.length, 0);
      console.log(`${struck} calls of ${meant} failed in ${results.length} rollbacks of ${calls.length} calls`);
      // How often is asked whether something is ready differs from run to run.
      expect(results.filter((each) => each.struck > 0).length).toBeGreaterThan(some.length * 0.9);
      expect(struck).toBeGreaterThan(meant * 0.8);
    });
  });

  test("does not destroy a table before its backup was verified, its name typed, and somebody else has accepted it", async () => {
    const lab = labs.first;
    const TableName = "shop-orders-2026";
    const archive = { name: "a table that came with it", variables: { archive: ["2026"] }, accepts: [] };
    const { good: commit } = await breakIt(lab, archive);
    const { dynamodb } = lab.clients;
    // An empty backup would show nothing.
    for (const each of [TableName, "shop-orders"]) {
      await dynamodb.send(new PutItemCommand({ TableName: each, Item: { id: { S: "1" }, what: { S: "a year" } } }));
    }
    const isThere = async () => (await dynamodb.send(new ListTablesCommand({}))).TableNames?.includes(TableName);
    const stopped = async (...words: readonly string[]) => {
      const { code, stdout, stderr } = await lab.run(...words);
      expect(code, `${stdout}\n${stderr}`).toBe(3);
      expect(await isThere()).toBe(true);
      return stdout;
    };
    const resume = ["resume", LAB_ENVIRONMENT, "--fast-forward", "--wait", "none"];

    expect(await stopped("rollback", LAB_ENVIRONMENT, "infrastructure")).toMatch(/would destroy data: .*no backup/s);
    await approve(lab, [`plan.delete-stateful aws_dynamodb_table.archive["2026"]`]);
    expect(await stopped(...resume, "--confirm", TableName)).toMatch(/would destroy data: .*no backup/s);
    await lab.must("backup", LAB_ENVIRONMENT, "create");
    expect(await stopped(...resume, "--confirm", TableName)).toContain("has passed a verification");
    await lab.must("backup", LAB_ENVIRONMENT, "verify");
    expect(await stopped(...resume)).toContain("nobody has typed its name");
    expect(await stopped(...resume, "--confirm", "shop-orders")).toContain("nobody has typed its name");
    await lab.must(...resume, "--confirm", TableName);
    expect(await isThere()).toBe(false);
    await expectInfrastructureBack(lab, commit, "two");
  });
});
