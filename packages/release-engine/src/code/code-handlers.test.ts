import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { planRelease } from "@slipway/release-plan";
import { ManualClock, StepBench, temporaryFolder } from "@slipway/testing";
import { afterAll, describe, expect, it } from "vitest";
import { FakeLambda } from "../test/fake-lambda.ts";
import { codeHandlers } from "./code-handlers.ts";

const folder = temporaryFolder();
afterAll(() => folder[Symbol.dispose]());

const SOURCE = { commit: "a".repeat(40), tree: "b".repeat(40), dirty: false };

/** A release of one function, whose build writes the source into the folder that is packaged. */
function arrange() {
  const repository = join(folder.path, String(Math.random()));
  const out = join(repository, "app/dist");
  const lambda = new FakeLambda();
  const clock = new ManualClock();
  const state = { source: "one", builds: 0 };
  const plan = planRelease(
    {
      ...{ environment: "prod", release: "r1", previous: null, functions: ["app"] },
      source: SOURCE,
    },
    { approvals: 0, canary: [] },
  );
  const checkedOut = { revision: SOURCE };
  const bench = new StepBench(plan, () => clock.now());
  bench.leave("infrastructure.apply", {
    ...{ counts: { add: 0, change: 0, destroy: 0 }, changed: false, stateSerial: 1 },
    outputs: { name: "app-prod", alias: "live", bucket: "code" },
  });
  const builder = {
    async build({ argv, directory }: { argv: readonly string[]; directory: string }) {
      expect({ argv, directory }).toEqual({ argv: ["make", "app"], directory: join(repository, "app") });
      state.builds += 1;
      mkdirSync(out, { recursive: true });
      writeFileSync(join(out, "index.mjs"), state.source);
    },
  };
  /** Handlers of a process of its own. */
  const handlers = () =>
    codeHandlers({
      environment: {
        functions: [
          {
            ...{ name: "app", directory: "app", build: ["make", "app"], artifact: "app/dist" },
            outputs: { functionName: "name", alias: "alias", artifactBucket: "bucket" },
          },
        ],
      },
      ...{
        flags: "",
        source: { revision: async () => checkedOut.revision, changedFiles: async () => ["app/index.ts"] },
      },
      ...{ repository, builder, reader: lambda, store: lambda, deployer: lambda, systemClock: clock },
    });
  return { repository, out, lambda, state, bench, handlers, checkedOut };
}

describe("the code of a release", () => {
  it("is built, uploaded under its digest, and made a version", async () => {
    const { bench, handlers, lambda, state } = arrange();
    const { "code.package": pack, "code.upload": upload, "code.publish": publish } = handlers();
    const packed = await bench.take("code.package.app", pack);
    expect(packed).toMatchObject({ outcome: "done", result: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/) } });
    const key = `functions/app-prod/${packed.result?.sha256}.zip`;
    expect(await bench.take("code.upload.app", upload)).toMatchObject({
      outcome: "done",
      result: { bucket: "code", key },
    });
    expect(await bench.take("code.publish.app", publish)).toEqual({
      outcome: "done",
      summary: "version 2 of app-prod; live is at version 1",
      result: { functionName: "app-prod", alias: "live", version: "2", previousVersion: "1", changed: true },
    });
    expect(state.builds).toBe(1);
    expect(lambda.changes).toEqual(["put", "update", "publish 2"]);
  });

  it("is not uploaded twice", async () => {
    const { bench, handlers, lambda } = arrange();
    const { "code.package": pack, "code.upload": upload } = handlers();
    await bench.take("code.package.app", pack);
    await bench.take("code.upload.app", upload);
    expect(await bench.take("code.upload.app", upload)).toMatchObject({
      outcome: "nothing-to-do",
      summary: expect.stringContaining("was there already"),
    });
    expect(lambda.changes).toEqual(["put"]);
  });

  it("is packaged again by a process that goes on", async () => {
    const { bench, handlers, state } = arrange();
    await bench.take("code.package.app", handlers()["code.package"]);
    expect(await bench.take("code.upload.app", handlers()["code.upload"])).toMatchObject({ outcome: "done" });
    expect(state.builds).toBe(1);
  });

  it("is built again where the package is gone", async () => {
    const { bench, handlers, state, out } = arrange();
    await bench.take("code.package.app", handlers()["code.package"]);
    rmSync(out, { recursive: true });
    expect(await bench.take("code.upload.app", handlers()["code.upload"])).toMatchObject({ outcome: "done" });
    expect(state.builds).toBe(2);
  });

  it("is not replaced by other code under way", async () => {
    const { bench, handlers, state, lambda, out } = arrange();
    await bench.take("code.package.app", handlers()["code.package"]);
    state.source = "two";
    writeFileSync(join(out, "index.mjs"), state.source);
    await expect(bench.take("code.upload.app", handlers()["code.upload"])).rejects.toMatchObject({
      kind: "conflict",
      what: "The build of app does not make what this release has begun with",
      next: expect.stringContaining("check out the release's commit"),
    });
    expect(lambda.changes).toEqual([]);
  });

  it("is not uploaded once other files are checked out than those that were checked", async () => {
    const { bench, handlers, lambda, checkedOut } = arrange();
    const { "code.package": pack, "code.upload": upload } = handlers();
    await bench.take("code.package.app", pack);
    checkedOut.revision = { ...SOURCE, tree: "c".repeat(40), dirty: true };

    await expect(bench.take("code.upload.app", upload)).rejects.toMatchObject({
      ...{ kind: "conflict", what: expect.stringContaining("Stopped before app is uploaded") },
      why: expect.stringContaining("files differ from it now: app/index.ts"),
    });
    expect(lambda.changes).toEqual([]);
    checkedOut.revision = SOURCE;
    expect(await bench.take("code.upload.app", upload)).toMatchObject({ outcome: "done" });
  });

  it("needs the function to be in the configuration still", async () => {
    const { bench, handlers } = arrange();
    const step = bench.plan.steps.find(({ id }) => id === "code.package.app");
    Object.assign(step ?? {}, { function: "gone" });
    await expect(bench.take("code.package.app", handlers()["code.package"])).rejects.toMatchObject({
      kind: "usage",
      why: "environments.prod.functions in slipway.config.ts has app",
    });
  });
});
