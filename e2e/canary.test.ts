import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { createAwsClients, LambdaFunctionDeployer, S3ArtifactStore } from "@slipway/aws";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { releaseBad } from "./canary/release-bad.ts";
import { releaseUnnoticed } from "./canary/release-unnoticed.ts";
import { createShop, readAlias, type ShopPlace, ShopRelease, useShop } from "./canary/shop-release.ts";
import { LocalAwsProcess } from "./support/local-aws-process.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const folder = temporaryFolder("canary");
const bucket = "artifacts";
let place: ShopPlace;
let made = 0;

beforeAll(async () => {
  const local = await LocalAwsProcess.start();
  place = { local, clients: createAwsClients(local.client), folder: folder.path, bucket };
  await place.clients.s3.send(new CreateBucketCommand({ Bucket: bucket }));
});

afterAll(async () => {
  place.clients.destroy();
  await place.local.stop();
  folder.remove();
});

beforeEach(() => place.local.control("DELETE", "faults"));

async function shop(): Promise<string> {
  const functionName = `shop-${++made}`;
  await createShop(place, functionName);
  return functionName;
}

const aliasOf = (functionName: string) => readAlias(place, functionName);

describe("a canary on local AWS", () => {
  it("takes a good version to all of the traffic, and no user notices", async () => {
    await releaseUnnoticed(place, await shop(), {
      // Few requests have to do here, so a verdict may be wrong more often.
      ...{ requestsPerMinute: 450, metricsDelaySeconds: 0, falseAlarms: 0.2 },
      steps: [{ percent: 50, holdSeconds: 60 }],
    });
  });

  // Which of its judgements comes first is a matter of chance on a busy machine; the soak has it with the other bad versions.
  it.runIf(process.env.SLIPWAY_SOAK === "1")(
    "puts a version back that does not start: Lambda counts its errors by version",
    async () => {
      const functionName = await shop();
      const bad = { name: "crashing", crashes: true };
      const { stopped, verdict } = await releaseBad(place, functionName, bad, {
        ...{ requestsPerMinute: 250, metricsDelaySeconds: 0 },
      });
      expect(stopped?.summary).toMatch(
        /^Errors: \d+ of \d+ calls \(100 %\) failed on version 2 against 0 of \d+ \(0 %\)/,
      );
      expect(verdict?.numbers).toMatchObject({ errorsCandidateRate: 1, errorsBaselineRate: 0 });
    },
  );
});

describe("releasing code to Lambda", () => {
  it("has nothing to do the second time, and finds the artifact of code that was there before", async () => {
    const functionName = await shop();
    const release = async (name: string) => {
      const made = new ShopRelease(place, functionName, { name }, { steps: [] });
      expect(await made.run()).toBeUndefined();
      return made.bench;
    };
    const outcomes = (bench: Awaited<ReturnType<typeof release>>) =>
      [...bench.steps.values()].slice(1).map(({ state }) => state);
    await release("one");
    expect(outcomes(await release("one"))).toEqual(["done", "nothing-to-do", "nothing-to-do", "nothing-to-do"]);
    await release("two");
    expect(outcomes(await release("one"))).toEqual(["done", "nothing-to-do", "done", "done"]);
    expect(await useShop(place.clients.lambda, functionName)).toBe('{"shop":"one"}');
  });

  it.each([
    ["PutObject", "s3"],
    ["UpdateFunctionCode", "lambda"],
    ["PublishVersion", "lambda"],
    ["UpdateAlias", "lambda"],
  ])("survives that the answer to %s is lost", async (operation, service) => {
    const functionName = await shop();
    const name = `lost ${operation}`;
    await place.local.control("POST", "faults", { kind: "lost-answer", service, operation, remaining: 1 });
    expect(await new ShopRelease(place, functionName, { name }, { steps: [] }).run()).toBeUndefined();
    expect(await place.local.control<unknown[]>("GET", "faults")).toEqual([]);
    expect(await aliasOf(functionName)).toEqual({ version: "2", weights: {} });
    expect(await useShop(place.clients.lambda, functionName)).toBe(JSON.stringify({ shop: name }));
  });

  it("does not write over somebody else's change", async () => {
    const functionName = await shop();
    const functions = new LambdaFunctionDeployer(place.clients.lambda);
    const stale = await functions.readAlias(functionName, "live");
    await new ShopRelease(place, functionName, { name: "theirs" }, { steps: [] }).run();
    const move = { functionName, alias: "live", version: "1", revisionId: stale.revisionId };
    await expect(functions.moveAlias(move)).rejects.toMatchObject({ name: "ReleaseError", kind: "conflict" });
    const revisionId = "00000000-0000-4000-8000-000000000000";
    await expect(functions.updateCode({ functionName, bucket, key: "any", revisionId })).rejects.toMatchObject({
      kind: "conflict",
    });
    expect(await useShop(place.clients.lambda, functionName)).toBe('{"shop":"theirs"}');
  });

  it("keeps an artifact as it was first stored", async () => {
    const store = new S3ArtifactStore(place.clients.s3);
    const object = {
      bucket,
      key: "once.zip",
      bytes: new Uint8Array([1, 2, 3]),
      sha256Base64: "A5BYxvLAy0ksUzsKTRTvd8wPeKvMztUofYShogEc+4E=",
    };
    expect(await store.putOnce(object)).toBe("stored");
    expect(await store.putOnce(object)).toBe("was-there");
    await expect(store.putOnce({ ...object, bucket: "no-such-bucket" })).rejects.toMatchObject({ kind: "not-found" });
  });
});
