import { CreateBucketCommand, ListObjectVersionsCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { golden } from "../test/golden.ts";
import { type LocalAwsFixture, localAwsFixture } from "../test/local-aws-fixture.ts";
import { runSlipway } from "../test/run-slipway.ts";
import { type StateFixture, stateFixture } from "../test/state-fixture.ts";

let fixture: LocalAwsFixture;
let aws: StateFixture;

beforeAll(async () => {
  fixture = await localAwsFixture();
  aws = await stateFixture(fixture.localAws.endpoint);
});

afterAll(async () => {
  aws?.close();
  await fixture.close();
});

const versionsIn = async (Bucket: string) =>
  (await aws.s3.send(new ListObjectVersionsCommand({ Bucket }))).Versions?.length ?? 0;

describe("slipway empty-buckets", () => {
  it.each<[string, string[], RegExp]>([
    ["no environment", [], /missing required argument 'environment'/],
    ["an unknown environment", ["qa"], /environment: there is no 'qa'/],
  ])("answers %s with exit code 2", async (_name, words, message) => {
    const { code, stdout, stderr } = await runSlipway(["empty-buckets", ...words]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(message);
  });

  it("says what to type where nothing was rehearsed, with the port that was given", async () => {
    const port = String(fixture.localAws.port);
    const { code, stderr } = await runSlipway(["empty-buckets", "prod", "--port", port], { env: process.env });
    expect(code).toBe(2);
    expect(stderr).toContain(`Rehearse it first: slipway rehearse prod --once --port ${port}\n`);
  });

  it("does not call an environment without a state empty", async () => {
    const { code, stdout, stderr } = await aws.run(["empty-buckets", "dev"]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/There is no state s3:\/\/terraform-state\/dev\/terraform\.tfstate/);
  });

  it("shows what is there, removes it only when confirmed, and only what is in the environment's state", async () => {
    for (const Bucket of ["code-prod", "somebody-elses"]) {
      await aws.s3.send(new CreateBucketCommand({ Bucket }));
      await aws.s3.send(new PutObjectCommand({ Bucket, Key: "a.zip", Body: "12345" }));
    }
    await aws.putState("prod", [
      { type: "aws_s3_bucket", attributes: { id: "code-prod", bucket: "code-prod" } },
      { type: "aws_s3_bucket", attributes: { id: "gone-prod", bucket: "gone-prod" } },
      { type: "aws_s3_object", attributes: { id: "a.zip", bucket: "somebody-elses" } },
    ]);
    const words = ["empty-buckets", "prod"];

    const looked = await aws.run(words);
    expect(looked.code).toBe(1);
    expect(looked.stdout).toMatch(/^code-prod +1 +0 +5$/m);
    expect(looked.stdout).toMatch(/^gone-prod +is gone$/m);
    expect(looked.stdout).toMatch(/^Nothing was removed on the AWS at .*: it was not\n? *confirmed\.$/m);
    expect(looked.stdout).toMatch(/slipway empty-buckets prod --confirm 'empty the buckets of prod'\n$/);
    const wrong = await aws.run([...words, "--confirm", "yes"]);
    expect(wrong.code).toBe(1);
    expect(wrong.stdout.replace(/\s+/g, " ")).toContain('"yes" is not "empty the buckets of prod".');
    const json = await aws.run([...words, "--output", "json"]);
    await golden("empty-buckets", json.stdout);
    expect(JSON.parse(json.stdout)).toMatchObject({
      ...{
        environment: "prod",
        removed: false,
        next: "slipway empty-buckets prod --confirm 'empty the buckets of prod'",
      },
      buckets: [
        { bucket: "code-prod", exists: true, versions: 1, deleteMarkers: 0, bytes: 5 },
        { bucket: "gone-prod", exists: false },
      ],
    });
    expect(await versionsIn("code-prod")).toBe(1);

    const confirmed = await aws.run([...words, "--confirm", "empty the buckets of prod"]);
    expect(confirmed.code).toBe(0);
    expect(confirmed.stdout).toContain("All of it is removed");
    expect(await versionsIn("code-prod")).toBe(0);
    expect(await versionsIn("somebody-elses")).toBe(1);
    expect((await aws.run(words)).stdout).toMatch(/They are empty\.\n$/);
  });

  it("is interrupted by Ctrl-C before it touches anything", async () => {
    const words = ["empty-buckets", "prod", "--confirm", "empty the buckets of prod"];
    const { code, stderr } = await aws.run(words, AbortSignal.abort());
    expect(code).toBe(130);
    expect(stderr).toContain("interrupted");
  });
});
