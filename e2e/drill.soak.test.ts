import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type DrillReport, drillReportSchema, type SlipwayConfigInput } from "@slipway/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LAB_ENVIRONMENT, Lab } from "./release/lab.ts";
import { labConfiguration } from "./release/lab-configuration.ts";
import { processes } from "./release/release-process.ts";
import type { Ran } from "./support/run-program.ts";

type EnvironmentInput = SlipwayConfigInput["environments"][string];

/** With every release of it, on a machine that has other work. */
const A_DRILL_MS = 1_500_000;

let lab: Lab;

beforeAll(async () => {
  lab = await Lab.open();
}, 600_000);

afterAll(() => lab?.close());

const drill = (...words: readonly string[]) => lab.start(["drill", LAB_ENVIRONMENT, "--output", "json", ...words]);

function reported({ stdout, stderr }: Ran): DrillReport {
  // The times are what a reader of this suite looks for.
  console.log(stderr);
  return drillReportSchema.parse(JSON.parse(stdout));
}

async function checklist(): Promise<readonly { readonly subject: string; readonly status: string; next?: string }[]> {
  const words = ["checklist", LAB_ENVIRONMENT, "--only", "recovery-tested", "--output", "json"];
  return JSON.parse((await lab.run(...words)).stdout).evidence;
}

/** Where the drill that runs, or was killed, works; undefined where none is left. */
function folder(): string | undefined {
  const record = join(lab.repository.path, ".slipway/drill/place.txt");
  return existsSync(record) ? readFileSync(record, "utf8") : undefined;
}

const worktrees = () =>
  execFileSync("git", ["worktree", "list"], { cwd: lab.repository.path, encoding: "utf8" }).trim().split("\n");

/** A release whose table keeps its changes, and whose configuration names it: what data is brought back by. */
function commitRecoverable(name: string): void {
  const file = "terraform/live/main.tf";
  const table = 'hash_key     = "id"\n';
  const before = lab.repository.read(file);
  expect(before).toContain(table);
  lab.repository.write(file, before.replace(table, `${table}\n  point_in_time_recovery {\n    enabled = true\n  }\n`));
  lab.commit({ name });
  const configuration = labConfiguration();
  const { live } = configuration.environments;
  lab.repository.write("migrations/orders/.gitkeep", "");
  const data = { tables: [{ name: "orders", output: "table_name", migrations: "migrations/orders" }] };
  lab.repository.configure({ ...configuration, environments: { live: { ...(live as EnvironmentInput), data } } });
  lab.repository.commitAll("Keep what is changed");
}

async function until(what: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 300_000; !what(); ) {
    expect(Date.now()).toBeLessThan(deadline);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test(
  "without an earlier release what leads to one is not known, and the others are rehearsed",
  async () => {
    const ran = await drill("--only", "code", "state").ended;
    const { verdict, evidence, earlier } = reported(ran);

    expect(ran.code).toBe(2);
    expect([verdict, earlier]).toEqual(["unknown", null]);
    expect(evidence.map(({ check, status }) => [check, status])).toEqual([
      ["drill.code", "unknown"],
      ["drill.state", "pass"],
    ]);
  },
  A_DRILL_MS,
);

describe("with an earlier release", () => {
  beforeAll(() => commitRecoverable("two"));

  test(
    "a drill that is killed leaves what the next one takes away, and one that is stopped leaves nothing",
    async () => {
      const entries = (await lab.ledger()).entries.length;
      const killed = drill();
      await until(() => killed.said.includes("beside - done"));
      const left = folder() ?? "";
      expect([existsSync(left), worktrees().length]).toEqual([true, 2]);
      killed.kill("alone");
      await killed.ended;
      // What it has started ends with it.
      await until(() => !processes().some(({ command }) => command.includes(left)));

      const stopped = drill();
      await until(() => stopped.said.includes("beside - done"));
      expect(existsSync(left)).toBe(false);
      stopped.signal("SIGINT");
      expect((await stopped.ended).code).toBe(130);

      expect([folder(), worktrees().length]).toEqual([undefined, 1]);
      expect((await lab.ledger()).entries.length).toBe(entries);
    },
    A_DRILL_MS,
  );

  test(
    "each way back is rehearsed from what is checked out to what is live, and that is the proof for these files alone",
    async () => {
      const { entries } = await lab.ledger();
      expect((await checklist()).map(({ status }) => status)).toContain("unknown");
      const ran = await drill().ended;
      const { verdict, evidence, earlier, current } = reported(ran);

      expect(evidence.filter(({ status }) => status !== "pass")).toEqual([]);
      expect([ran.code, verdict]).toEqual([0, "pass"]);
      expect(earlier).toMatchObject({ release: "r1", source: { commit: liveCommit(entries) } });
      expect(current.commit).toBe(lab.repository.head());
      expect(evidence.every(({ found }) => found.startsWith("rehearsed on local AWS"))).toBe(true);
      // At the target nothing is changed but for one entry.
      const after = await lab.ledger();
      expect(after.entries.slice(entries.length).map(({ body }) => body.type)).toEqual(["evidence"]);
      expect([folder(), worktrees().length]).toEqual([undefined, 1]);

      expect((await checklist()).map(({ status }) => status)).toEqual(evidence.map(() => "pass"));
      lab.repository.write("README.md", "Another word.\n");
      lab.repository.commitAll("Another word");
      const lines = await checklist();
      expect(lines.map(({ status }) => status)).toEqual(evidence.map(() => "unknown"));
      expect(lines[0]?.next).toMatch(/^slipway drill live/);
    },
    A_DRILL_MS,
  );

  test(
    "an earlier release that cannot be released again makes not known what leads to it, and says why",
    async () => {
      const configuration = labConfiguration();
      const live = configuration.environments.live as EnvironmentInput;
      const release = { ...live.release, drill: { install: ["false"] } };
      lab.repository.configure({ ...configuration, environments: { live: { ...live, release } } });
      lab.repository.commitAll("Install nothing");
      const ran = await drill("--only", "code").ended;
      const { evidence, earlier } = reported(ran);

      expect([ran.code, earlier?.release]).toEqual([2, "r1"]);
      expect(evidence).toMatchObject([
        {
          ...{ check: "drill.code", status: "unknown" },
          found: expect.stringContaining("r1 could not be released first: false ended with 1"),
        },
      ]);
    },
    A_DRILL_MS,
  );
});

function liveCommit(entries: Awaited<ReturnType<Lab["ledger"]>>["entries"]): string | null {
  const started = entries.findLast(({ body }) => body.type === "release.started");
  return started?.body.type === "release.started" ? started.body.plan.source.commit : null;
}
