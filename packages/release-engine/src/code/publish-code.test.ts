import { ManualClock } from "@slipway/testing";
import { describe, expect, it } from "vitest";
import { FakeLambda, failure } from "../test/fake-lambda.ts";
import { publishCode } from "./publish-code.ts";

function arrange() {
  const lambda = new FakeLambda();
  const clock = new ManualClock();
  const publish = async (name: string, { signal }: { signal?: AbortSignal } = {}) => {
    const object = { bucket: "code", key: `${name}.zip`, sha256Base64: `${name}-base64` };
    lambda.objects.set(`code/${name}.zip`, object.sha256Base64);
    return publishCode(
      { reader: lambda, deployer: lambda, clock },
      { functionName: "app-prod", alias: "live", ...object, timeoutMs: 10_000, line: () => undefined, signal },
    );
  };
  /** As if the release had gone on to its end. */
  const release = async (name: string) => {
    const { version } = await publish(name);
    lambda.alias = { version, revisionId: `at ${version}`, weights: {} };
    lambda.changes = [];
  };
  return { lambda, clock, publish, release };
}

describe("publishCode", () => {
  it("updates, publishes and waits, and leaves the alias alone", async () => {
    const { lambda, clock, publish } = arrange();
    lambda.slowness = 3;
    const startedAt = clock.now();
    expect(await publish("one")).toEqual({ version: "2", previousVersion: "1", changed: true });
    expect(lambda.changes).toEqual(["update", "publish 2"]);
    expect(lambda.alias.version).toBe("1");
    expect(clock.now()).toBeGreaterThan(startedAt);
  });

  it("refuses an alias at $LATEST before it changes anything: its users would have the code at once", async () => {
    const { lambda, publish } = arrange();
    lambda.alias = { version: "$LATEST", revisionId: "by hand", weights: {} };

    await expect(publish("one")).rejects.toMatchObject({
      ...{ kind: "conflict", what: "The alias live of app-prod points at $LATEST" },
      why: expect.stringContaining("neither be tested before that, nor compared, nor put back"),
      next: expect.stringContaining("aws lambda publish-version --function-name app-prod; aws lambda update-alias"),
    });
    expect(lambda.changes).toEqual([]);
  });

  it("changes nothing where the alias has it already", async () => {
    const { lambda, publish, release } = arrange();
    await release("one");
    expect(await publish("one")).toEqual({ version: "2", previousVersion: "2", changed: false });
    expect(lambda.changes).toEqual([]);
  });

  it("takes a changed configuration in the version that Terraform published", async () => {
    const { lambda, publish, release } = arrange();
    await release("one");
    lambda.configure("configuration 2");
    expect(await publish("one")).toEqual({ version: "3", previousVersion: "2", changed: true });
    expect(lambda.changes).toEqual([]);
  });

  it("publishes a changed configuration that nobody published", async () => {
    const { lambda, publish, release } = arrange();
    await release("one");
    lambda.latest = { ...lambda.latest, configurationDigest: "configuration 2" };
    expect(await publish("one")).toEqual({ version: "3", previousVersion: "2", changed: true });
    expect(lambda.changes).toEqual(["publish 3"]);
  });

  it("asks Lambda itself where the configuration cannot be compared", async () => {
    const { lambda, publish, release } = arrange();
    await release("one");
    lambda.latest = { ...lambda.latest, configurationDigest: undefined };
    for (const version of lambda.versions) version.configurationDigest = undefined;
    expect(await publish("one")).toMatchObject({ version: "2", changed: false });
    expect(lambda.changes).toEqual([]);
  });

  it("does nothing when the alias was put back to a version that is what is wanted", async () => {
    const { lambda, publish, release } = arrange();
    await release("one");
    await release("two");
    lambda.alias = { version: "2", revisionId: "rolled back", weights: {} };
    lambda.latest = { ...lambda.latest };
    expect(await publish("one")).toMatchObject({ version: "2", changed: false });
    expect(lambda.changes).toEqual([]);
  });

  it.each(["updateCode", "publishVersion"] as const)(
    "comes to the same version when it is killed after %s",
    async (method) => {
      const { lambda, publish } = arrange();
      lambda.faults.set(method, () => {
        throw new Error("SIGKILL");
      });
      await expect(publish("one")).rejects.toThrow("SIGKILL");
      expect(await publish("one")).toEqual({ version: "2", previousVersion: "1", changed: true });
      expect(lambda.changes).toEqual(["update", "publish 2"]);
    },
  );

  it.each(["conflict", "busy", "unreachable", "failed"] as const)(
    "sees its own lost answer behind an update that is told as %s",
    async (kind) => {
      const { lambda, publish } = arrange();
      // The call arrived, its answer did not, and the client's second attempt met a new revision, or none came through.
      lambda.faults.set("updateCode", () => {
        throw failure(kind);
      });
      expect(await publish("one")).toMatchObject({ version: "2", changed: true });
      expect(lambda.changes).toEqual(["update", "publish 2"]);
    },
  );

  it("waits for an update that Terraform began", async () => {
    const { lambda, publish } = arrange();
    lambda.latest = { ...lambda.latest, lastUpdateStatus: "InProgress" };
    expect(await publish("one")).toMatchObject({ version: "2" });
  });

  it("repairs a function whose last update failed", async () => {
    const { lambda, publish, release } = arrange();
    await release("one");
    lambda.latest = { ...lambda.latest, lastUpdateStatus: "Failed" };
    await publish("one");
    expect(lambda.changes).toEqual(["update"]);
  });
});

describe("publishCode, when it must not go on", () => {
  it("tells the failure of a call that never arrived", async () => {
    const { lambda, publish } = arrange();
    lambda.updateCode = () => Promise.reject(failure("unreachable"));
    await expect(publish("one")).rejects.toMatchObject({ kind: "unreachable" });
    expect(lambda.changes).toEqual([]);
  });

  it("stops when somebody else updated the function meanwhile", async () => {
    const { lambda, publish } = arrange();
    lambda.faults.set("updateCode", () => {
      lambda.latest = { ...lambda.latest, codeSha256: "theirs", lastUpdateStatus: "Successful" };
      throw failure("conflict");
    });
    await expect(publish("one")).rejects.toMatchObject({
      kind: "conflict",
      what: "The function app-prod was changed by somebody else during the release",
    });
  });

  it("stops when somebody else changed the configuration meanwhile", async () => {
    const { lambda, publish } = arrange();
    lambda.faults.set("publishVersion", () => {
      const newest = lambda.versions.at(-1);
      if (newest !== undefined) newest.configurationDigest = "theirs";
    });
    await expect(publish("one")).rejects.toMatchObject({
      kind: "conflict",
      what: "Version 2 of app-prod is not what is released",
      why: expect.stringContaining("configuration"),
    });
  });

  it("leaves a function alone whose alias splits its traffic, and says how to end that", async () => {
    const { lambda, publish } = arrange();
    lambda.alias = { ...lambda.alias, weights: { "2": 0.1 } };
    await expect(publish("one")).rejects.toMatchObject({
      kind: "busy",
      why: expect.stringContaining("version 2 gets 10 % beside version 1"),
      next: expect.stringContaining("aws lambda update-alias --function-name app-prod --name live"),
    });
    expect(lambda.changes).toEqual([]);
  });

  it("tells Lambda's reason when the update fails", async () => {
    const { lambda, publish } = arrange();
    lambda.updateEnds = "Failed";
    await expect(publish("one")).rejects.toMatchObject({ what: "The update of app-prod failed", why: "no key" });
  });

  it("does not wait for ever", async () => {
    const { lambda, clock, publish } = arrange();
    lambda.slowness = 1_000_000;
    const startedAt = clock.now();
    await expect(publish("one")).rejects.toMatchObject({
      kind: "timeout",
      what: "the update of app-prod did not end in time",
    });
    expect(clock.now() - startedAt).toBeLessThan(13_000);
  });

  it("stops before the next change when it is asked to", async () => {
    const { lambda, publish } = arrange();
    const abort = new AbortController();
    lambda.faults.set("updateCode", () => abort.abort());
    await expect(publish("one", { signal: abort.signal })).rejects.toMatchObject({ kind: "interrupted" });
    expect(lambda.changes).toEqual(["update"]);
  });
});
