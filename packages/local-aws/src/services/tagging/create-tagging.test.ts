import {
  GetResourcesCommand,
  type GetResourcesCommandInput,
  GetTagKeysCommand,
  GetTagValuesCommand,
  paginateGetResources,
  ResourceGroupsTaggingAPIClient,
  TagResourcesCommand,
} from "@aws-sdk/client-resource-groups-tagging-api";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TaggedResource } from "../../core/ports.ts";
import { type ServedServices, serveServices } from "../../test/serve-services.ts";
import { type TestCore, testCore } from "../../test/test-core.ts";
import { createTagging } from "./create-tagging.ts";

const resources: TaggedResource[] = [
  {
    arn: "arn:aws:dynamodb:us-east-1:000000000000:table/items",
    type: "dynamodb:table",
    tags: { env: "prod", team: "a" },
  },
  { arn: "arn:aws:lambda:us-east-1:000000000000:function:api", type: "lambda:function", tags: { env: "prod" } },
  { arn: "arn:aws:lambda:us-east-1:000000000000:function:old", type: "lambda:function", tags: { env: "dev" } },
  { arn: "arn:aws:s3:::bucket", type: "s3", tags: { env: "staging" } },
  { arn: "arn:aws:s3:::plain", type: "s3", tags: {} },
];

let core: TestCore;
let served: ServedServices;
let client: ResourceGroupsTaggingAPIClient;

beforeAll(async () => {
  core = testCore();
  const sources = [{ taggedResources: () => resources.slice(0, 1) }, { taggedResources: () => resources.slice(1) }];
  served = await serveServices(core, [createTagging(core, () => sources).service]);
  client = new ResourceGroupsTaggingAPIClient(served.client);
});

afterAll(async () => {
  client.destroy();
  await served.close();
  core.dispose();
});

async function names(input: GetResourcesCommandInput): Promise<string[]> {
  const { ResourceTagMappingList } = await client.send(new GetResourcesCommand(input));
  return (ResourceTagMappingList ?? []).map(({ ResourceARN }) => ResourceARN?.split(/[:/]/).at(-1) ?? "");
}

test("lists resources of all services that have tags, and their tags", async () => {
  const { ResourceTagMappingList } = await client.send(new GetResourcesCommand({}));

  expect(ResourceTagMappingList).toHaveLength(4);
  expect(ResourceTagMappingList?.[0]).toEqual({
    ResourceARN: "arn:aws:dynamodb:us-east-1:000000000000:table/items",
    Tags: [
      { Key: "env", Value: "prod" },
      { Key: "team", Value: "a" },
    ],
  });
});

test("filters by tags: all filters must match, of one filter's values any", async () => {
  expect(await names({ TagFilters: [{ Key: "env", Values: ["prod", "dev"] }] })).toEqual(["items", "api", "old"]);
  expect(await names({ TagFilters: [{ Key: "env", Values: ["prod"] }, { Key: "team" }] })).toEqual(["items"]);
  expect(await names({ TagFilters: [{ Key: "env", Values: ["nowhere"] }] })).toEqual([]);
});

test("filters by service and by type, and takes a list of ARNs", async () => {
  expect(await names({ ResourceTypeFilters: ["lambda"] })).toEqual(["api", "old"]);
  expect(await names({ ResourceTypeFilters: ["dynamodb:table", "s3"] })).toEqual(["items", "bucket"]);
  expect(await names({ ResourceARNList: ["arn:aws:s3:::bucket", "arn:aws:s3:::nobody"] })).toEqual(["bucket"]);
});

test("pages through everything once", async () => {
  const pages: number[] = [];
  for await (const page of paginateGetResources({ client }, { ResourcesPerPage: 3 })) {
    pages.push(page.ResourceTagMappingList?.length ?? 0);
  }

  expect(pages).toEqual([3, 1]);
});

test("lists tag keys, and the values of one", async () => {
  const keys = await client.send(new GetTagKeysCommand({}));
  const values = await client.send(new GetTagValuesCommand({ Key: "env" }));

  expect(keys.TagKeys).toEqual(["env", "team"]);
  expect(values.TagValues).toEqual(["dev", "prod", "staging"]);
});

test("refuses what does not go together, a made-up token, and writing", async () => {
  await expect(
    client.send(new GetResourcesCommand({ ResourceARNList: ["arn:aws:s3:::bucket"], ResourceTypeFilters: ["s3"] })),
  ).rejects.toThrow(expect.objectContaining({ name: "InvalidParameterException" }));
  await expect(client.send(new GetResourcesCommand({ PaginationToken: "made-up" }))).rejects.toThrow(
    expect.objectContaining({ name: "PaginationTokenExpiredException" }),
  );
  await expect(
    client.send(new TagResourcesCommand({ ResourceARNList: ["arn:aws:s3:::bucket"], Tags: { a: "b" } })),
  ).rejects.toThrow(/TagResources/);
});

test("every operation has needs: reading tags is one permission each, on everything", () => {
  const { access = {}, operations } = createTagging(core, () => []).service;
  const needs = Object.keys(operations).flatMap((name) => access[name]?.({} as never, core.context()) ?? []);
  expect(needs).toEqual(
    ["tag:GetResources", "tag:GetTagKeys", "tag:GetTagValues"].map((action) => ({ action, resource: "*" })),
  );
});
