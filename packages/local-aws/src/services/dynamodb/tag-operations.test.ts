import {
  CreateTableCommand,
  ListTagsOfResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { itemsTable, type StartedDynamoDb, startDynamoDb } from "./start-dynamodb.ts";

const ResourceArn = "arn:aws:dynamodb:us-east-1:000000000000:table/items";
let db: StartedDynamoDb;

beforeAll(async () => {
  db = await startDynamoDb();
  await db.client.send(new CreateTableCommand(itemsTable("items", { Tags: [{ Key: "env", Value: "test" }] })));
});

afterAll(() => db.close());

async function tags(): Promise<Record<string, string>> {
  const result: Record<string, string> = {};
  let NextToken: string | undefined;
  do {
    const page = await db.client.send(new ListTagsOfResourceCommand({ ResourceArn, NextToken }));
    for (const { Key, Value } of page.Tags ?? []) {
      result[Key ?? ""] = Value ?? "";
    }
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return result;
}

test("keeps tags from creation, adds, changes and removes them", async () => {
  await db.client.send(
    new TagResourceCommand({
      ResourceArn,
      Tags: [
        { Key: "env", Value: "prod" },
        { Key: "team", Value: "" },
      ],
    }),
  );
  expect(await tags()).toEqual({ env: "prod", team: "" });
  await db.client.send(new UntagResourceCommand({ ResourceArn, TagKeys: ["team", "nobody"] }));

  expect(await tags()).toEqual({ env: "prod" });
  expect(db.dynamodb.tags.taggedResources()).toEqual([
    { arn: ResourceArn, type: "dynamodb:table", tags: { env: "prod" } },
  ]);
});

test("lists many tags in pages, and refuses more than 50", async () => {
  const many = Array.from({ length: 49 }, (_, n) => ({ Key: `key-${n}`, Value: `${n}` }));
  await db.client.send(new TagResourceCommand({ ResourceArn, Tags: many }));

  expect(Object.keys(await tags())).toHaveLength(50);
  await expect(
    db.client.send(new TagResourceCommand({ ResourceArn, Tags: [{ Key: "one", Value: "more" }] })),
  ).rejects.toMatchObject({ name: "ValidationException" });
});

test("names the resource that is missing", async () => {
  await expect(
    db.client.send(new ListTagsOfResourceCommand({ ResourceArn: `${ResourceArn}-not` })),
  ).rejects.toMatchObject({ name: "ResourceNotFoundException", message: expect.stringContaining("table/items-not") });
});
