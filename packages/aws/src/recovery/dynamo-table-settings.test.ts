import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ManualClock } from "@slipway/testing";
import { expect, it } from "vitest";
import { DynamoTableSettings } from "./dynamo-table-settings.ts";

const indexes = [{ IndexName: "by-status", KeySchema: [{ AttributeName: "status", KeyType: "HASH" }] }];
const Table = {
  ...{ TableName: "items", TableArn: "arn:aws:dynamodb:us-east-1:123456789012:table/items", TableStatus: "ACTIVE" },
  ...{ GlobalSecondaryIndexes: indexes, Replicas: [{ RegionName: "eu-west-1" }, { RegionName: "ap-south-1" }] },
};
const stream = (name: string) => `arn:aws:kinesis:us-east-1:123456789012:stream/${name}`;

/** A client that is answered from here: by an object, or by an error of that name. */
function reading(answers: Readonly<Record<string, (input: { IndexName?: string }) => object | string>>) {
  const client = new DynamoDBClient({ region: "us-east-1", credentials: { accessKeyId: "x", secretAccessKey: "y" } });
  client.middlewareStack.add(
    (_, context) => async (request) => {
      const name = String(context.commandName).replace(/Command$/, "");
      const answer = answers[name]?.(request.input as { IndexName?: string }) ?? {};
      if (typeof answer === "string") {
        throw Object.assign(new Error("no"), { name: answer });
      }
      return { response: {}, output: { $metadata: {}, ...answer } } as never;
    },
    { step: "initialize" },
  );
  return new DynamoTableSettings(client, new ManualClock(0)).read("items");
}

it("finds what a restore drops and cannot give back", async () => {
  const settings = await reading({
    DescribeTable: () => ({ Table }),
    DescribeKinesisStreamingDestination: () => ({
      KinesisDataStreamDestinations: [
        { StreamArn: stream("b"), DestinationStatus: "ACTIVE" },
        { StreamArn: stream("a"), DestinationStatus: "ENABLING" },
        { StreamArn: stream("off"), DestinationStatus: "DISABLED" },
        { StreamArn: stream("broken"), DestinationStatus: "ENABLE_FAILED" },
      ],
    }),
    DescribeContributorInsights: ({ IndexName }) => ({
      ContributorInsightsStatus: IndexName === undefined ? "DISABLED" : "ENABLED",
    }),
  });

  expect(settings).toMatchObject({
    ...{ replicas: ["ap-south-1", "eu-west-1"], kinesis: [stream("a"), stream("b")] },
    contributorInsights: ["by-status"],
  });
});

it("does not say that there is none where it may not look", async () => {
  const settings = await reading({
    DescribeTable: () => ({ Table }),
    DescribeKinesisStreamingDestination: () => "AccessDeniedException",
    DescribeContributorInsights: () => "AccessDeniedException",
  });

  expect(settings).toMatchObject({ kinesis: null, contributorInsights: null });
});
