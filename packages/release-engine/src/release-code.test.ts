import { ManualClock, RecordingProgress } from "@slipway/testing";
import { describe, expect, it } from "vitest";
import type { Artifact } from "./package-function.ts";
import { releaseCode } from "./release-code.ts";
import { FakeLambda, failure } from "./test/fake-lambda.ts";

function artifactOf(name: string): Artifact {
  return { bytes: new Uint8Array(3), sha256: `${name}-hex`, sha256Base64: `${name}-base64`, files: [] };
}

function arrange() {
  const lambda = new FakeLambda();
  const clock = new ManualClock();
  const progress = new RecordingProgress();
  const ports = { store: lambda, reader: lambda, deployer: lambda, clock, progress };
  const release = (name: string, options: { signal?: AbortSignal } = {}) =>
    releaseCode(ports, {
      ...{ phase: "app", functionName: "app-prod", alias: "live", bucket: "code", timeoutMs: 10_000 },
      artifact: artifactOf(name),
      ...options,
    });
  return { lambda, clock, progress, release };
}

describe("releaseCode", () => {
  it("uploads, updates, publishes, waits and moves the alias", async () => {
    const { lambda, progress, release } = arrange();
    lambda.slowness = 3;

    const result = await release("one");

    expect(lambda.changes).toEqual(["put", "update", "publish 2", "alias 2"]);
    expect([...lambda.objects.keys()]).toEqual(["code/functions/app-prod/one-hex.zip"]);
    expect(result).toMatchObject({
      ...{ functionVersion: "2", previousVersion: "1", artifactSha256: "one-hex", changed: true },
    });
    expect(result.durationsMs.publish).toBeGreaterThan(0);
    expect(progress.ended).toEqual(["app.publish: done (version 2)", "app.alias: done (version 1 -> version 2)"]);
  });

  it("changes nothing the second time", async () => {
    const { lambda, progress, release } = arrange();
    await release("one");
    lambda.changes = [];

    const result = await release("one");

    expect(lambda.changes).toEqual([]);
    expect(result).toMatchObject({ functionVersion: "2", previousVersion: "2", changed: false });
    expect(progress.ended.at(-1)).toBe("app.publish: nothing-to-do (version 2 has this code already)");
  });

  it("takes a changed configuration to the alias with the same code, in the version that Terraform published", async () => {
    const { lambda, release } = arrange();
    await release("one");
    lambda.configure("configuration 2");
    lambda.changes = [];

    const result = await release("one");

    expect(lambda.changes).toEqual(["alias 3"]);
    expect(result).toMatchObject({ functionVersion: "3", previousVersion: "2", changed: true });
  });

  it("publishes a changed configuration that nobody published", async () => {
    const { lambda, release } = arrange();
    await release("one");
    lambda.latest = { ...lambda.latest, configurationDigest: "configuration 2" };
    lambda.changes = [];

    await release("one");

    expect(lambda.changes).toEqual(["publish 3", "alias 3"]);
  });

  it("asks Lambda itself where the configuration cannot be compared", async () => {
    const { lambda, release } = arrange();
    await release("one");
    lambda.latest = { ...lambda.latest, configurationDigest: undefined };
    for (const version of lambda.versions) version.configurationDigest = undefined;
    lambda.changes = [];

    expect(await release("one")).toMatchObject({ functionVersion: "2", changed: false });
    expect(lambda.changes).toEqual([]);
  });

  it("does nothing when the alias was put back to a version that is what is wanted", async () => {
    const { lambda, release } = arrange();
    await release("one");
    await release("two");
    lambda.alias = { version: "2", revisionId: "rolled back", weights: {} };
    lambda.changes = [];

    expect(await release("one")).toMatchObject({ functionVersion: "2", changed: false });
    expect(lambda.changes).toEqual([]);
  });

  it("goes on where an interrupted release stopped", async () => {
    const { lambda, release } = arrange();
    lambda.faults.set("updateCode", () => {
      throw failure("denied");
    });
    await expect(release("one")).rejects.toMatchObject({ kind: "denied" });

    const result = await release("one");

    expect(result).toMatchObject({ functionVersion: "2", changed: true });
    expect(lambda.changes).toEqual(["put", "update", "publish 2", "alias 2"]);
  });

  it("sees its own lost answers behind conflicts", async () => {
    const { lambda, release } = arrange();
    // The call arrived, its answer did not, and the client's second attempt met a new revision.
    for (const method of ["updateCode", "moveAlias"] as const) {
      lambda.faults.set(method, () => {
        throw failure("conflict");
      });
    }

    expect(await release("one")).toMatchObject({ functionVersion: "2", changed: true });
    expect(lambda.changes).toEqual(["put", "update", "publish 2", "alias 2"]);
  });

  it("waits for an update that Terraform began", async () => {
    const { lambda, release } = arrange();
    lambda.latest = { ...lambda.latest, lastUpdateStatus: "InProgress" };

    expect(await release("one")).toMatchObject({ functionVersion: "2" });
  });

  it("repairs a function whose last update failed", async () => {
    const { lambda, release } = arrange();
    await release("one");
    lambda.latest = { ...lambda.latest, lastUpdateStatus: "Failed" };
    lambda.changes = [];

    await release("one");

    expect(lambda.changes).toEqual(["update"]);
  });
});

describe("releaseCode, when it must not go on", () => {
  it("stops when somebody else updated the function meanwhile", async () => {
    const { lambda, release } = arrange();
    lambda.faults.set("updateCode", () => {
      lambda.latest = { ...lambda.latest, codeSha256: "theirs", lastUpdateStatus: "Successful" };
      throw failure("conflict");
    });

    await expect(release("one")).rejects.toMatchObject({
      kind: "conflict",
      what: "The function app-prod was changed by somebody else during the release",
    });
    expect(lambda.alias.version).toBe("1");
  });

  it("stops when somebody else moved the alias meanwhile", async () => {
    const { lambda, release } = arrange();
    lambda.faults.set("updateCode", () => {
      lambda.alias = { version: "7", revisionId: "theirs", weights: {} };
    });

    await expect(release("one")).rejects.toMatchObject({
      kind: "conflict",
      why: "it is at version 7; this release knows version 1 and 2, and would put it at version 2",
    });
    expect(lambda.alias.version).toBe("7");
  });

  it("leaves an alias alone that splits its traffic, and says how to end that", async () => {
    const { lambda, release } = arrange();
    lambda.alias = { ...lambda.alias, weights: { "2": 0.1 } };

    await expect(release("one")).rejects.toMatchObject({
      kind: "busy",
      why: expect.stringContaining("version 2 gets 10 % beside version 1"),
      next: expect.stringContaining("aws lambda update-alias --function-name app-prod --name live"),
    });
    expect(lambda.changes).toEqual(["put"]);
  });

  it("tells Lambda's reason when the update fails", async () => {
    const { lambda, release } = arrange();
    lambda.updateEnds = "Failed";

    await expect(release("one")).rejects.toMatchObject({ what: "The update of app-prod failed", why: "no key" });
    expect(lambda.alias.version).toBe("1");
  });

  it("does not wait for ever", async () => {
    const { lambda, clock, release } = arrange();
    lambda.slowness = 1_000_000;
    const startedAt = clock.now();

    await expect(release("one")).rejects.toMatchObject({
      kind: "timeout",
      what: "the update of app-prod did not end in time",
    });
    expect(clock.now() - startedAt).toBeLessThan(13_000);
  });

  it("stops before the next change when it is asked to", async () => {
    const { lambda, release } = arrange();
    const abort = new AbortController();
    lambda.faults.set("updateCode", () => abort.abort());

    await expect(release("one", { signal: abort.signal })).rejects.toMatchObject({ kind: "interrupted" });
    expect(lambda.changes).toEqual(["put", "update"]);
  });
});
