import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type LogsHarness, logsHarness } from "./logs-harness.ts";

let harness: LogsHarness;
beforeEach(() => {
  harness = logsHarness();
});
afterEach(() => harness.dispose());

const KEY = "arn:aws:kms:us-east-1:000000000000:key/11111111-2222-4333-8444-555555555555";

const make = (logGroupName: string, more: object = {}) => harness.call("CreateLogGroup", { logGroupName, ...more });

/** The one group whose name begins so. */
async function described(logGroupNamePrefix: string) {
  const { logGroups = [] } = await harness.call("DescribeLogGroups", { logGroupNamePrefix });
  return logGroups[0];
}

describe("a group's retention", () => {
  test("is one of CloudWatch's, until it is taken away", async () => {
    await make("kept");
    await harness.call("PutRetentionPolicy", { logGroupName: "kept", retentionInDays: 30 });
    expect((await described("kept"))?.retentionInDays).toBe(30);
    await expect(harness.call("PutRetentionPolicy", { logGroupName: "kept", retentionInDays: 31 })).rejects.toThrow(
      "Value '31' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: [1, 3, 5",
    );
    await harness.call("DeleteRetentionPolicy", { logGroupName: "kept" });
    expect((await described("kept"))?.retentionInDays).toBeUndefined();
  });

  test("of class DELIVERY is two days, and nobody's to change", async () => {
    await make("delivered", { logGroupClass: "DELIVERY" });
    expect((await described("delivered"))?.retentionInDays).toBe(2);
    const refused = "The retention of log groups of class DELIVERY cannot be changed.";
    const change = { logGroupName: "delivered", retentionInDays: 7 };
    await expect(harness.call("PutRetentionPolicy", change)).rejects.toThrow(refused);
    await expect(harness.call("DeleteRetentionPolicy", change)).rejects.toThrow(refused);
  });
});

test("a protected group is not deleted before its protection is lifted", async () => {
  await make("safe", { deletionProtectionEnabled: true });
  await expect(harness.call("DeleteLogGroup", { logGroupName: "safe" })).rejects.toThrow(
    "Log group has deletion protection enabled.",
  );
  const { logGroupArn } = (await described("safe")) ?? {};
  await harness.call("PutLogGroupDeletionProtection", {
    logGroupIdentifier: logGroupArn,
    deletionProtectionEnabled: false,
  });
  await harness.call("DeleteLogGroup", { logGroupName: "safe" });
  expect(await described("safe")).toBeUndefined();
});

describe("groups are found", () => {
  beforeEach(async () => {
    await make("/team/Orders");
    await make("/team/parcels", { logGroupClass: "INFREQUENT_ACCESS" });
    await make("/other/orders");
  });

  test.each<[string, object, string[]]>([
    ["by a part of the name", { logGroupNamePattern: "orders" }, ["/other/orders"]],
    ["by class", { logGroupClass: "INFREQUENT_ACCESS" }, ["/team/parcels"]],
    [
      "by ARN",
      { logGroupIdentifiers: ["arn:aws:logs:us-east-1:000000000000:log-group:/team/parcels"] },
      ["/team/parcels"],
    ],
  ])("%s", async (_how, input, names) => {
    const { logGroups = [] } = await harness.call("DescribeLogGroups", input);
    expect(logGroups.map(({ logGroupName }) => logGroupName)).toEqual(names);
  });

  test("by a part of the name, of which nothing but name, time and ARN is told", async () => {
    await harness.call("PutRetentionPolicy", { logGroupName: "/team/Orders", retentionInDays: 30 });
    const { logGroups } = await harness.call("DescribeLogGroups", { logGroupNamePattern: "Orders" });
    expect(logGroups).toEqual([
      {
        logGroupName: "/team/Orders",
        arn: "arn:aws:logs:us-east-1:000000000000:log-group:/team/Orders:*",
        creationTime: expect.any(Number),
      },
    ]);
  });

  test("by prefix or by pattern, not by both", async () => {
    const both = { logGroupNamePrefix: "/team", logGroupNamePattern: "orders" };
    await expect(harness.call("DescribeLogGroups", both)).rejects.toThrow("are mutually exclusive");
  });
});

describe("a group's key", () => {
  test("is written on it, changed and taken away, by name or by ARN", async () => {
    await make("secret", { kmsKeyId: KEY });
    expect((await described("secret"))?.kmsKeyId).toBe(KEY);
    const { logGroupArn } = (await described("secret")) ?? {};
    await harness.call("DisassociateKmsKey", { resourceIdentifier: logGroupArn });
    expect((await described("secret"))?.kmsKeyId).toBeUndefined();
    await harness.call("AssociateKmsKey", { logGroupName: "secret", kmsKeyId: KEY });
    expect((await described("secret"))?.kmsKeyId).toBe(KEY);
  });

  test("has to be the ARN of a key; results of queries have none", async () => {
    await expect(make("odd", { kmsKeyId: "alias/logs" })).rejects.toThrow(
      "The specified KMS key does not exist or is not allowed to be used",
    );
    const resourceIdentifier = "arn:aws:logs:us-east-1:000000000000:query-result:*";
    await expect(harness.call("AssociateKmsKey", { resourceIdentifier, kmsKeyId: KEY })).rejects.toMatchObject({
      code: "NotImplemented",
    });
  });
});

describe("tags", () => {
  test("are put by ARN, or by name as of old, and taken away", async () => {
    await make("tagged", { tags: { team: "a" } });
    const { logGroupArn: resourceArn = "" } = (await described("tagged")) ?? {};
    await harness.call("TagResource", { resourceArn, tags: { team: "b", since: "2026" } });
    await harness.call("TagLogGroup", { logGroupName: "tagged", tags: { kind: "test" } });
    expect((await harness.call("ListTagsForResource", { resourceArn })).tags).toEqual({
      ...{ team: "b", since: "2026", kind: "test" },
    });
    await harness.call("UntagResource", { resourceArn, tagKeys: ["since"] });
    await harness.call("UntagLogGroup", { logGroupName: "tagged", tags: ["kind"] });
    expect((await harness.call("ListTagsLogGroup", { logGroupName: "tagged" })).tags).toEqual({ team: "b" });
  });

  test("that AWS does not take are refused", async () => {
    const many = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`k${index}`, "v"]));
    await expect(make("many", { tags: many })).rejects.toMatchObject({ code: "TooManyTagsException" });
    await expect(make("reserved", { tags: { "aws:mine": "x" } })).rejects.toThrow("the tag 'aws:mine' is not valid");
    await expect(harness.call("ListTagsForResource", { resourceArn: "tagged" })).rejects.toThrow("is not an ARN");
  });

  test("are not those of an unknown class", async () => {
    await expect(make("classy", { logGroupClass: "FIRST" })).rejects.toThrow("Invalid log group class: FIRST");
  });
});

describe("what is saved", () => {
  const query = { name: "slowest", queryString: "fields @message" };

  test("a query is changed and deleted by its id; one that is not there is not made up", async () => {
    const { queryDefinitionId } = await harness.call("PutQueryDefinition", query);
    await harness.call("PutQueryDefinition", { ...query, queryDefinitionId, name: "fastest" });
    const found = await harness.call("DescribeQueryDefinitions", { queryDefinitionNamePrefix: "fast" });
    expect(found.queryDefinitions).toMatchObject([{ queryDefinitionId, name: "fastest", queryLanguage: "CWLI" }]);
    await harness.call("DeleteQueryDefinition", { queryDefinitionId });
    const gone = { code: "ResourceNotFoundException" };
    await expect(harness.call("DeleteQueryDefinition", { queryDefinitionId })).rejects.toMatchObject(gone);
    await expect(harness.call("PutQueryDefinition", { ...query, queryDefinitionId })).rejects.toMatchObject(gone);
  });

  test("queries are listed by name, by pages; an update keeps nothing, and a request that is repeated makes no second one", async () => {
    const clientToken = "0123456789-0123456789-0123456789-0123";
    const first = await harness.call("PutQueryDefinition", { ...query, logGroupNames: ["/a", "/b"], clientToken });
    const again = await harness.call("PutQueryDefinition", { ...query, logGroupNames: ["/a", "/b"], clientToken });
    expect(again).toEqual(first);
    for (const name of ["c", "a", "b", "ab"]) {
      await harness.call("PutQueryDefinition", { ...query, name });
    }
    const page = await harness.call("DescribeQueryDefinitions", { maxResults: 3 });
    const rest = await harness.call("DescribeQueryDefinitions", { maxResults: 3, nextToken: page.nextToken });
    const names = [page, rest].map(({ queryDefinitions }) => queryDefinitions?.map(({ name }) => name));
    expect(names).toEqual([
      ["a", "ab", "b"],
      ["c", "slowest"],
    ]);
    expect(rest.nextToken).toBeUndefined();
    expect(rest.queryDefinitions?.[1]).toEqual({
      ...{ ...query, ...first, logGroupNames: ["/a", "/b"], queryLanguage: "CWLI" },
      lastModified: expect.any(Number),
    });
    await harness.call("PutQueryDefinition", { ...query, ...first });
    const prefix = { queryDefinitionNamePrefix: "slow" };
    const [updated] = (await harness.call("DescribeQueryDefinitions", prefix)).queryDefinitions ?? [];
    expect(updated?.logGroupNames).toEqual([]);
    const sql = await harness.call("DescribeQueryDefinitions", { queryLanguage: "SQL" });
    expect(sql.queryDefinitions).toEqual([]);
  });

  test.each([
    [{ ...query, name: "" }, "InvalidParameterException"],
    [{ ...query, queryString: "" }, "InvalidParameterException"],
    [{ ...query, queryLanguage: "SQL" as const }, "NotImplemented"],
  ])("refuses the query %j", async (input, code) => {
    await expect(harness.call("PutQueryDefinition", input)).rejects.toMatchObject({ code });
  });

  test("resource policies are ten at most, of a limited size, and JSON", async () => {
    const policyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [] });
    const put = (policyName: string, document = policyDocument) =>
      harness.call("PutResourcePolicy", { policyName, policyDocument: document });
    for (let index = 0; index < 10; index += 1) {
      await put(`policy-${index}`);
    }
    await expect(put("one-more")).rejects.toMatchObject({ code: "LimitExceededException" });
    await put("policy-0");
    await expect(put("policy-0", "{")).rejects.toThrow("must be a JSON policy with statements");
    await expect(put("policy-0", JSON.stringify({ Statement: "x".repeat(5_120) }))).rejects.toThrow("too long");
    const ofGroup = { policyName: "p", policyDocument, resourceArn: "arn:aws:logs:us-east-1:000000000000:log-group:g" };
    await expect(harness.call("PutResourcePolicy", ofGroup)).rejects.toMatchObject({ code: "NotImplemented" });
    await harness.call("DeleteResourcePolicy", { policyName: "policy-9" });
    await expect(harness.call("DeleteResourcePolicy", { policyName: "policy-9" })).rejects.toThrow(
      "Policy with name [policy-9] does not exist.",
    );
    const page = await harness.call("DescribeResourcePolicies", { limit: 5 });
    const rest = await harness.call("DescribeResourcePolicies", { nextToken: page.nextToken });
    expect([page.resourcePolicies?.length, rest.resourcePolicies?.length]).toEqual([5, 4]);
  });
});
