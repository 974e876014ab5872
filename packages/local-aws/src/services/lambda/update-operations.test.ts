import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { packageOf } from "../../runtime/runtime-fixture.ts";
import { ECHO, type LambdaFixture, lambdaFixture, ROLE, role } from "./lambda-fixture.ts";

// Functions are processes, and the machine may be busy.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let fixture: LambdaFixture;
beforeEach(async () => {
  fixture = lambdaFixture();
  await fixture.create("fn", ECHO, { Environment: { Variables: { OLD: "1" } } });
});
afterEach(() => fixture.dispose());

const OTHER = packageOf({ "index.mjs": "export const handler = async () => 'other'" });
const get = () => fixture.call("GetFunctionConfiguration", { FunctionName: "fn" });

describe("UpdateFunctionCode", () => {
  test("is in progress for a moment, then successful, and changes the revision both times", async () => {
    const before = await get();
    const updated = await fixture.call("UpdateFunctionCode", { FunctionName: "fn", ZipFile: OTHER });
    await fixture.settled();
    const after = await get();

    expect(updated.LastUpdateStatus).toBe("InProgress");
    expect(new Set([before.RevisionId, updated.RevisionId, after.RevisionId]).size).toBe(3);
    expect(after).toMatchObject({ LastUpdateStatus: "Successful", CodeSha256: updated.CodeSha256 });
    expect(updated.CodeSha256).not.toBe(before.CodeSha256);
    expect(await fixture.invoke("fn")).toBe("other");
  });

  test("two at once conflict, as does any change while one is in progress", async () => {
    const update = () => fixture.call("UpdateFunctionCode", { FunctionName: "fn", ZipFile: OTHER });

    const results = await Promise.allSettled([update(), update()]);
    const later = await Promise.allSettled([
      fixture.call("UpdateFunctionConfiguration", { FunctionName: "fn", Timeout: 9 }),
      fixture.call("PublishVersion", { FunctionName: "fn" }),
    ]);

    const conflict = {
      status: "rejected",
      reason: {
        code: "ResourceConflictException",
        message:
          "The operation cannot be performed at this time. An update is in progress for resource: arn:aws:lambda:us-east-1:000000000000:function:fn",
      },
    };
    expect(results).toMatchObject([{ status: "fulfilled" }, conflict]);
    expect(later).toMatchObject([conflict, conflict]);
  });

  test("takes a RevisionId only when it is the latest", async () => {
    const { RevisionId } = await get();
    await fixture.call("UpdateFunctionCode", { FunctionName: "fn", ZipFile: OTHER, RevisionId });
    await fixture.settled();

    await expect(
      fixture.call("UpdateFunctionCode", { FunctionName: "fn", ZipFile: OTHER, RevisionId }),
    ).rejects.toMatchObject({
      code: "PreconditionFailedException",
    });
  });

  test("changes nothing in a dry run", async () => {
    const before = await get();

    const planned = await fixture.call("UpdateFunctionCode", { FunctionName: "fn", ZipFile: OTHER, DryRun: true });

    expect(planned.CodeSha256).not.toBe(before.CodeSha256);
    expect(await get()).toEqual(before);
  });

  test("publishes on request", async () => {
    const { Version } = await fixture.call("UpdateFunctionCode", { FunctionName: "fn", ZipFile: OTHER, Publish: true });

    expect(Version).toBe("1");
    expect(await fixture.invoke("fn", {}, "1")).toBe("other");
  });

  test("is finished by the next start when local AWS is killed meanwhile", async () => {
    await fixture.call("UpdateFunctionCode", { FunctionName: "fn", ZipFile: OTHER });
    await fixture.restart();

    expect(await get()).toMatchObject({ LastUpdateStatus: "Successful" });
    expect(await fixture.invoke("fn")).toBe("other");
  });
});

describe("UpdateFunctionConfiguration", () => {
  test("changes what it names and nothing else", async () => {
    const before = await get();
    await fixture.call("UpdateFunctionConfiguration", { FunctionName: "fn", Timeout: 9, Description: "slow" });
    await fixture.settled();

    const { LastModified, RevisionId, ...after } = await get();
    const { LastModified: _modified, RevisionId: oldRevision, ...same } = before;
    expect(after).toEqual({ ...same, Timeout: 9, Description: "slow" });
    expect(RevisionId).not.toBe(oldRevision);
    expect(LastModified).toBeDefined();
  });

  test("replaces the environment as a whole, for the next invocation", async () => {
    await fixture.publish("fn", "export const handler = async () => [process.env.OLD, process.env.NEW]");
    const before = await fixture.invoke("fn");
    await fixture.call("UpdateFunctionConfiguration", { FunctionName: "fn", Environment: { Variables: { NEW: "2" } } });
    await fixture.settled();

    expect(before).toEqual(["1", null]);
    expect(await fixture.invoke("fn")).toEqual([null, "2"]);
  });

  test("takes a new role only when Lambda may assume it", async () => {
    const ec2 = "arn:aws:iam::000000000000:role/ec2";
    fixture.roles.set(ec2, role(ec2, "ec2.amazonaws.com"));

    await expect(fixture.call("UpdateFunctionConfiguration", { FunctionName: "fn", Role: ec2 })).rejects.toMatchObject({
      message: "The role defined for the function cannot be assumed by Lambda.",
    });
    expect((await get()).Role).toBe(ROLE);
  });

  test("refuses a version and a stale revision", async () => {
    await expect(fixture.call("UpdateFunctionConfiguration", { FunctionName: "fn:1" })).rejects.toMatchObject({
      code: "InvalidParameterValueException",
    });
    await expect(
      fixture.call("UpdateFunctionConfiguration", { FunctionName: "fn", RevisionId: "stale" }),
    ).rejects.toMatchObject({ code: "PreconditionFailedException" });
  });
});

describe("PublishVersion", () => {
  test("makes a version with a configuration of its own, that stays as it is", async () => {
    const first = await fixture.call("PublishVersion", { FunctionName: "fn", Description: "one" });
    await fixture.call("UpdateFunctionConfiguration", { FunctionName: "fn", Timeout: 9 });
    await fixture.settled();
    const second = await fixture.call("PublishVersion", { FunctionName: "fn" });

    const { Versions } = await fixture.call("ListVersionsByFunction", { FunctionName: "fn" });
    expect(first.FunctionArn).toBe("arn:aws:lambda:us-east-1:000000000000:function:fn:1");
    expect(Versions?.map(({ Version, Timeout, Description }) => [Version, Timeout, Description])).toEqual([
      ["$LATEST", 9, ""],
      ["1", 3, "one"],
      ["2", 9, ""],
    ]);
    expect(second.Version).toBe("2");
  });

  test("makes no new version when nothing was updated", async () => {
    const first = await fixture.call("PublishVersion", { FunctionName: "fn" });
    const again = await fixture.call("PublishVersion", { FunctionName: "fn" });

    expect(again).toEqual(first);
  });

  test("numbers versions once, even when the newest was deleted", async () => {
    await fixture.call("PublishVersion", { FunctionName: "fn" });
    await fixture.call("DeleteFunction", { FunctionName: "fn", Qualifier: "1" });

    expect((await fixture.call("PublishVersion", { FunctionName: "fn" })).Version).toBe("2");
  });

  test("holds its conditions", async () => {
    const { RevisionId, CodeSha256 } = await get();

    await expect(fixture.call("PublishVersion", { FunctionName: "fn", CodeSha256: "x" })).rejects.toMatchObject({
      code: "InvalidParameterValueException",
      message: expect.stringContaining("CodeSHA256 (x) is different"),
    });
    await expect(fixture.call("PublishVersion", { FunctionName: "fn", RevisionId: "x" })).rejects.toMatchObject({
      code: "PreconditionFailedException",
    });
    expect((await fixture.call("PublishVersion", { FunctionName: "fn", RevisionId, CodeSha256 })).Version).toBe("1");
  });
});
