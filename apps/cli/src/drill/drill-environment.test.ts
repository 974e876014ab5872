import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ReleasePlan } from "@slipway/contracts";
import { DrillFailure, type DrillPath, loadConfig, type OpenedStage, ReleaseError } from "@slipway/release-engine";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { targetAws } from "../target/target-aws.ts";
import { type ReleasedEnvironment, releasedEnvironment } from "../test/released-environment.ts";
import { type DrillRequest, drillEnvironment } from "./drill-environment.ts";
import type { DrillStagePlace } from "./open-drill-stage.ts";

let prod: ReleasedEnvironment;
let interrupt: AbortController;
const opened: DrillStagePlace[] = [];
let closed = 0;

const git = (...args: string[]) =>
  execFileSync("git", ["-c", "user.name=Jane", "-c", "user.email=jane@example.com", ...args], {
    cwd: prod.repository,
    encoding: "utf8",
    env: { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null" },
  }).trim();

/** The commit that is live. */
let live: string;

beforeAll(async () => {
  prod = await releasedEnvironment({ withFunction: false });
  writeFileSync(join(prod.repository, ".gitignore"), ".slipway/\n");
  git("init", "--quiet", "--initial-branch=main");
  git("add", "--all");
  git("commit", "--quiet", "--message", "One");
  live = git("rev-parse", "HEAD");
  const plan: ReleasePlan = {
    ...{ version: 1, environment: "prod", release: "r1", previous: null },
    source: { commit: live, tree: git("rev-parse", "HEAD^{tree}"), dirty: false },
    steps: [{ id: "smoke", kind: "smoke", title: "smoke", guide: "Smoke", undo: "nothing" }],
  };
  await prod.write(prod.ledger("prod"), "r1", [
    { type: "release.started", plan, authors: [] },
    { type: "release.ended", outcome: "live", reason: "all steps are done", functions: [] },
  ]);
  writeFileSync(join(prod.repository, "release.txt"), "two");
  git("add", "--all");
  git("commit", "--quiet", "--message", "Two");
});

afterEach(() => {
  opened.length = 0;
  closed = 0;
});

afterAll(() => prod?.close());

async function request(paths: readonly DrillPath[], changes: Partial<DrillRequest> = {}): Promise<DrillRequest> {
  interrupt = new AbortController();
  const config = await loadConfig(join(prod.repository, "slipway.config.ts"));
  const env = { ...process.env, AWS_ENDPOINT_URL: prod.aws.localAws.endpoint };
  return {
    ...{ repository: prod.repository, config, environment: "prod", paths, env, signal: interrupt.signal, keep: false },
    target: await targetAws({}, { env }, config.region),
    progress: { report: () => {} },
    ...changes,
  };
}

/** A ground of which nothing is needed; what a drill leaves in its folder is there. */
async function stage(given: DrillStagePlace) {
  opened.push(given);
  mkdirSync(given.place.dataDir, { recursive: true });
  const ground = { environment: "prod", earlier: { id: "r1", versions: {} }, current: { id: "r2", versions: {} } };
  return {
    stage: { ground: ground as OpenedStage["ground"], rewind: () => Promise.resolve() },
    close: async () => void (await Promise.resolve(++closed)),
  };
}

const code = (rehearse: DrillPath["rehearse"]): DrillPath => ({
  ...{ name: "code", title: "The traffic goes back", needs: "earlier-release", rehearse },
});

test("the proof of what was checked out against what is live is written into the ledger, and nothing is left", async () => {
  const before = (await prod.ledger("prod").read()).length;
  const report = await drillEnvironment(
    await request([code(async () => ({ status: "pass", found: "back in 2 s" }))]),
    stage,
  );

  expect(report).toMatchObject({
    ...{ verdict: "pass", label: "rehearsed on local AWS", earlier: { release: "r1", source: { commit: live } } },
    ...{ current: { commit: git("rev-parse", "HEAD"), dirty: false }, entry: before + 1 },
  });
  expect((await prod.ledger("prod").read()).at(-1)).toMatchObject({
    ...{ release: null, token: null },
    body: {
      ...{ type: "evidence", step: "drill" },
      evidence: [{ check: "drill.code", status: "pass", inputs: report.inputs }],
    },
  });
  expect(closed).toBe(1);
  expect(existsSync(opened[0]?.place.folder ?? "")).toBe(false);
});

test("what failed is written down, too; what was stopped is not", async () => {
  const fails = code(() => Promise.reject(new DrillFailure("the traffic stayed")));
  expect(await drillEnvironment(await request([fails]), stage)).toMatchObject({ verdict: "fail" });
  const entries = (await prod.ledger("prod").read()).length;
  const stops = code(() => {
    interrupt.abort();
    return Promise.reject(new ReleaseError({ kind: "interrupted", what: "Stopped", why: "asked to", next: "again" }));
  });

  await expect(drillEnvironment(await request([stops]), stage)).rejects.toMatchObject({ kind: "interrupted" });
  expect((await prod.ledger("prod").read()).length).toBe(entries);
  expect(opened.map(({ place }) => existsSync(place.folder))).toEqual([false, false]);
  expect(closed).toBe(2);
});

test("nothing is written down of files that were changed meanwhile", async () => {
  const entries = (await prod.ledger("prod").read()).length;
  const file = join(prod.repository, "release.txt");
  const changes = code(async () => {
    writeFileSync(file, "three");
    return { status: "pass", found: "back" };
  });

  await expect(drillEnvironment(await request([changes]), stage)).rejects.toThrow("Files were changed");
  writeFileSync(file, "two");
  expect((await prod.ledger("prod").read()).length).toBe(entries);
});

test("one drill of a repository runs at a time, and takes away what a killed one has left", async () => {
  const kept = await drillEnvironment(await request([], { keep: true }), stage);
  expect(existsSync(kept.kept ?? "")).toBe(true);
  const record = join(prod.repository, ".slipway/drill/place.txt");
  expect(existsSync(record)).toBe(false);
  // As a killed one leaves it, with what this machine has kept of the ledger of its local AWS, and of another.
  writeFileSync(record, kept.kept ?? "");
  writeFileSync(join(prod.repository, ".slipway/drill/endpoint.txt"), "http://127.0.0.1:4799");
  const [ledger, other] = ["4799", "4566"].map((port) =>
    join(prod.repository, `.slipway/ledger/local-127.0.0.1-${port}`),
  );
  for (const each of [ledger, other]) {
    mkdirSync(join(each ?? "", "prod"), { recursive: true });
  }
  let inner: unknown;
  const nested = code(async () => {
    inner = await drillEnvironment(await request([]), stage).catch((error: unknown) => error);
    return { status: "pass", found: readFileSync(record, "utf8") };
  });

  const report = await drillEnvironment(await request([nested]), stage);

  expect(existsSync(kept.kept ?? "")).toBe(false);
  expect([existsSync(ledger ?? ""), existsSync(other ?? "")]).toEqual([false, true]);
  expect(String(inner)).toContain("Another drill of");
  expect(report.verdict).toBe("pass");
});

test("a folder that is no drill's is never deleted, whatever the record says", async () => {
  const record = join(prod.repository, ".slipway/drill/place.txt");
  writeFileSync(record, prod.repository);
  await drillEnvironment(await request([]), stage);

  expect(existsSync(join(prod.repository, "slipway.config.ts"))).toBe(true);
});
