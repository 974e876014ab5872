import { UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DataRepository, dataRepository } from "../test/data-repository.ts";
import { golden } from "../test/golden.ts";
import { type LocalAwsFixture, localAwsFixture } from "../test/local-aws-fixture.ts";
import { runSlipway } from "../test/run-slipway.ts";
import { type StateFixture, stateFixture } from "../test/state-fixture.ts";

let fixture: LocalAwsFixture;
let aws: StateFixture;
let repository: DataRepository;

beforeAll(async () => {
  fixture = await localAwsFixture();
  aws = await stateFixture(fixture.localAws.endpoint);
  repository = await dataRepository(fixture.localAws.endpoint, aws);
});

afterAll(async () => {
  repository?.close();
  aws?.close();
  await fixture.close();
});

/** A migration, as somebody without our types writes it. */
function migration(id: string, rest: string, change: string, table = "orders"): void {
  repository.write(
    `migrations/${table}/${id}.ts`,
    `export const migration = { id: "${id}", description: "Of a test.", ${rest}, backfill: { change: (record) => ${change} } };\n`,
  );
}

const expand = (id: string, to = "new", table = "orders") =>
  migration(id, 'phase: "expand"', `record.${to} === undefined ? { ...record, ${to}: 1 } : undefined`, table);

/** Leaves a migration of `live` held, as a run does that was killed. */
async function holdUntil(id: string, expiresAt: Date): Promise<void> {
  const texts = { token: "t", name: "somebody", since: "2026-01-01T00:00:00.000Z", expiresAt: expiresAt.toISOString() };
  const holder = Object.fromEntries(Object.entries(texts).map(([name, S]) => [name, { S }]));
  await repository.dynamodb.send(
    new UpdateItemCommand({
      ...{ TableName: "orders-live", Key: { id: { S: `migration#${id}` } } },
      UpdateExpression: "SET migration.holder = :holder",
      ExpressionAttributeValues: { ":holder": { M: holder } },
    }),
  );
}

describe("slipway migrate", () => {
  it.each<[string, string[], RegExp]>([
    ["no environment on AWS", [], /environment: missing\. On AWS it has to be said/],
    ["an unknown environment", ["qa"], /environment: there is no 'qa'/],
    ["no number of segments", ["prod", "--segments", "0"], /--segments: '0' is no whole number from 1 to 64/],
    ["a rate that is none", ["prod", "--rate", "fast"], /--rate: 'fast' is neither records \(500\) nor capacity units/],
    ["two modes", ["prod", "--status", "--dry-run"], /--status and --dry-run: choose one/],
    ["no pair", ["prod", "--table-name", "items"], /--table-name: 'items' is no NAME=TABLE/],
    [
      "an unknown table",
      ["prod", "--table-name", "users=users-prod"],
      /--table-name: there is no table 'users'.* It has items/,
    ],
    [
      "a table that is not there",
      ["prod", "--table-name", "items=nowhere"],
      /dynamodb:DescribeTable failed for nowhere/,
    ],
    [
      "an unknown migration",
      ["prod", "--again", "0009-x", "--table-name", "items=orders-live"],
      /--again: there is no migration '0009-x' in data\/migrations\/items/,
    ],
    [
      "no state",
      ["prod"],
      /There is no state s3:\/\/terraform-state\/prod\/terraform\.tfstate.*--table-name items=items-prod/s,
    ],
  ])("answers %s with exit code 2", async (_name, words, message) => {
    const { code, stdout, stderr } = await aws.run(["migrate", ...words]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(message);
  });

  it("says which output is missing where the state does not name the table", async () => {
    await aws.putState("staging", []);
    const { code, stderr } = await aws.run(["migrate", "staging"]);
    expect(code).toBe(2);
    expect(stderr).toContain("There is no Terraform output table_name");
    expect(stderr).toContain("environments.staging.data.tables[0].output in slipway.config.ts names it");
  });

  it("says what to type where nothing was rehearsed", async () => {
    const port = String(fixture.localAws.port);
    const { code, stderr } = await runSlipway(["migrate", "--port", port], { env: process.env });
    expect(code).toBe(2);
    expect(stderr).toContain(`Rehearse it first: slipway rehearse prod --once --port ${port}\n`);
  });

  it.each<[string, string[], string]>([
    ["nothing more when nothing was given", [], ""],
    [
      "what was given",
      ["--allow-contract", "--rate", "50cu", "--segments", "8"],
      " --segments 8 --rate 50cu --allow-contract",
    ],
    ["a look as a look", ["--dry-run"], " --dry-run"],
    ["not --again, which it has begun", ["--again", "0001-kind-of-record"], ""],
  ])("says how to go on after Ctrl-C: %s", async (_name, words, flags) => {
    const names = ["--table-name", "items=orders-live"];
    const { code, stderr } = await aws.run(["migrate", "prod", ...words, ...names], AbortSignal.abort());
    expect(code).toBe(130);
    expect(stderr).toContain(`To go on there:\n  slipway migrate prod${flags} --table-name items=orders-live\n`);
  });

  // One after the other: each builds on what the one before has left.
  it("has nothing to do where there are no migrations", async () => {
    const { code, stdout } = await repository.run("migrate", "live");
    expect(code).toBe(0);
    expect(stdout).toBe("orders (orders-live)\n  has no migrations\n");
  });

  it("runs what is due in its order, and lets a contraction wait", async () => {
    expand("0001-new");
    migration(
      "0002-old",
      'phase: "contract", needs: { migration: "0001-new", doneForHours: 0 }',
      "{ const { old, ...rest } = record; return rest; }",
    );
    expand("0003-more", "more");
    expect((await repository.run("migrate", "live", "--status")).code).toBe(1);
    const { code, stdout } = await repository.run("migrate", "live");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^0001-new +expand +done +\d+ looked at, 1 changed, [\d.]+ RCU, [\d.]+ WCU$/m);
    expect(stdout).toMatch(/^0002-old +contract +waits/m);
    expect(stdout).toMatch(/^0003-more +expand +done/m);
    expect(stdout.replace(/\s+/g, " ")).toContain("0002-old: nobody has said that no live version needs the old shape");

    const contracted = await repository.run("migrate", "live", "--allow-contract", "--output", "json");
    expect(contracted.code).toBe(0);
    await golden("migrate", contracted.stdout);
    expect(JSON.parse(contracted.stdout)).toMatchObject({
      ...{ environment: "live", mode: "run", done: true },
      tables: [{ name: "orders", migrations: [{ verdict: "done" }, { outcome: "done", counts: { changed: 1 } }, {}] }],
    });
    expect((await repository.run("migrate", "live", "--status")).code).toBe(0);
  });

  it("runs a finished one again when it is asked for, once", async () => {
    const { code, stdout } = await repository.run("migrate", "live", "--again", "0001-new", "--output", "json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout).tables[0].migrations[0]).toMatchObject({ outcome: "done", counts: { changed: 0 } });
  });

  it("does not call a migration done that leaves something wrong, and names it", async () => {
    migration(
      "0004-checked",
      'phase: "expand", verify: (record) => record.id === "order-1" ? "is not to my liking" : undefined',
      "undefined",
    );
    const { code, stdout } = await repository.run("migrate", "live");
    expect(code).toBe(1);
    expect(stdout).toMatch(/^0004-checked +expand +NOT DONE/m);
    expect(stdout).not.toContain("is being run by");
    expect(stdout.replace(/\s+/g, " ")).toContain('{"id":"order-1"} is not to my liking');
    migration("0004-checked", 'phase: "expand"', "undefined");
    expect((await repository.run("migrate", "live")).code).toBe(0);
  });

  it("runs nothing when the file of a finished migration was changed", async () => {
    expand("0001-new", "newer");
    expand("0005-later", "later");
    const { code, stdout } = await repository.run("migrate", "live");
    expect(code).toBe(1);
    expect(stdout).toMatch(/^0001-new +expand +REFUSED/m);
    expect(stdout).toMatch(/^0005-later +expand +not run/m);
    expect(stdout.replace(/\s+/g, " ")).toContain("0001-new: its file is not the one that was run");
    expand("0001-new");
  });

  it("does not call it done when a contraction that has begun must not go on", async () => {
    const contraction = (more: string) =>
      migration(
        "0006-shorter",
        `phase: "contract", needs: { migration: "0001-new", doneForHours: 0 }${more}`,
        "{ const { more, ...rest } = record; return rest; }",
      );
    contraction(', verify: (record) => record.id === "order-1" ? "is not to my liking" : undefined');
    expect((await repository.run("migrate", "live", "--allow-contract")).code).toBe(1);
    for (const words of [[], ["--status"]]) {
      const { code, stdout } = await repository.run("migrate", "live", ...words);
      expect(code).toBe(1);
      expect(stdout).toMatch(/^0006-shorter +contract +BEGUN, and waits/m);
      expect(stdout.replace(/\s+/g, " ")).toMatch(/0006-shorter: was begun \S+, and is not done/);
    }
    for (const [expiresIn, isShown] of [
      [60_000, true],
      [-1_000, false],
    ] as const) {
      await holdUntil("0006-shorter", new Date(Date.now() + expiresIn));
      const { stdout } = await repository.run("migrate", "live", "--status");
      expect(stdout.includes("0006-shorter: is being run by somebody")).toBe(isShown);
    }
    const { stdout } = await repository.run("migrate", "live", "--output", "json");
    const { done, tables } = JSON.parse(stdout);
    expect(done).toBe(false);
    expect(tables[0].migrations.at(-1)).toMatchObject({ id: "0006-shorter", verdict: "waiting", begun: true });
    contraction("");
    expect((await repository.run("migrate", "live", "--allow-contract")).code).toBe(0);
  });

  it("does not call it done when a finished contraction was asked for again, and must not run", async () => {
    const { code, stdout } = await repository.run("migrate", "live", "--again", "0006-shorter");
    expect(code).toBe(1);
    expect(stdout).toMatch(/^0006-shorter +contract +done, WAITS TO RUN AGAIN/m);
    expect((await repository.run("migrate", "live", "--again", "0006-shorter", "--allow-contract")).code).toBe(0);
  });

  it("lets a contraction wait until its expansion has been done for as long as it demands", async () => {
    migration(
      "0007-much-later",
      'phase: "contract", needs: { migration: "0001-new", doneForHours: 24 }',
      "{ const { new: _, ...rest } = record; return rest; }",
    );
    const { stdout } = await repository.run("migrate", "live", "--allow-contract", "--status");
    expect(stdout.replace(/\s+/g, " ")).toMatch(
      /0007-much-later: it needs 0001-new to be done for 24 h, .*; not before/,
    );
  });

  it("runs a migration again in the one of several tables that has it, and names all folders when none has", async () => {
    expand("0001-of-a-customer", "new", "customers");
    expect((await repository.run("migrate", "two")).code).toBe(0);
    for (const [id, whose] of [
      ["0001-new", 0],
      ["0001-of-a-customer", 1],
    ] as const) {
      const { code, stdout } = await repository.run("migrate", "two", "--again", id, "--output", "json");
      expect(code).toBe(0);
      const { tables } = JSON.parse(stdout) as { tables: { migrations: { id: string; outcome?: string }[] }[] };
      const ran = tables.map(({ migrations }) =>
        migrations.filter(({ outcome }) => outcome === "done").map((each) => each.id),
      );
      expect(ran).toEqual(whose === 0 ? [[id], []] : [[], [id]]);
    }
    const { code, stderr } = await repository.run("migrate", "two", "--again", "0009-x");
    expect(code).toBe(2);
    expect(stderr).toContain("--again: there is no migration '0009-x' in migrations/orders, migrations/customers.");
  });
});
