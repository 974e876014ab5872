// What every run tests, and the bad version that it leaves out.
import "./canary.test.ts";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { createAwsClients } from "@slipway/aws";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { releaseBad } from "./canary/release-bad.ts";
import { releaseUnnoticed } from "./canary/release-unnoticed.ts";
import { createShop, type ShopPlace } from "./canary/shop-release.ts";
import { LocalAwsProcess } from "./support/local-aws-process.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const folder = temporaryFolder("canary-soak");
let place: ShopPlace;

beforeAll(async () => {
  const local = await LocalAwsProcess.start();
  place = { local, clients: createAwsClients(local.client), folder: folder.path, bucket: "artifacts" };
  await place.clients.s3.send(new CreateBucketCommand({ Bucket: place.bucket }));
});

afterAll(async () => {
  place.clients.destroy();
  await place.local.stop();
  folder.remove();
});

describe("a canary with many users", () => {
  it("goes from 10 % over 50 % to all of 10,000 requests, and none of them fails", async () => {
    await createShop(place, "shop");
    const requests = await releaseUnnoticed(place, "shop", {
      ...{ requestsPerMinute: 1_200, metricsDelaySeconds: 60 },
      steps: [
        { percent: 10, holdSeconds: 180 },
        { percent: 50, holdSeconds: 180 },
      ],
    });
    expect(requests).toBeGreaterThanOrEqual(10_000);
  });

  it.each([
    ["one of ten answers is a 500", "faulty", { faultEvery: 10 }, /^Answers: /],
    ["one of ten calls is several times slower", "slow", { slowEvery: 10 }, /^Latency: /],
    ["every other call logs an error", "noisy", { errorEvery: 2 }, /^Logs: .*no answer from the warehouse/],
  ])("puts a version back of which %s", async (_, name, how, reason) => {
    await createShop(place, `shop-${name}`);
    const settings = { requestsPerMinute: 1_200, metricsDelaySeconds: 60 };
    const { stopped } = await releaseBad(place, `shop-${name}`, { name, ...how }, settings);
    expect(stopped?.summary).toMatch(reason);
  });
});
