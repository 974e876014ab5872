import {
  DescribeTableCommand,
  DynamoDBClient,
  ListTablesCommand,
  ListTagsOfResourceCommand,
  type Tag,
} from "@aws-sdk/client-dynamodb";
import type { ResourceScanner } from "@slipway/release-engine";
import { type ScanContext, tagRecord } from "../scan-context.ts";

const gone = ["ResourceNotFoundException"];

/** Tables with their indexes. */
export function dynamodbTables(context: ScanContext): ResourceScanner {
  const dynamodb = context.client(DynamoDBClient);

  async function tagsOf(arn: string): Promise<Record<string, string> | undefined> {
    const tags: Tag[] = [];
    let next: string | undefined;
    do {
      const answer = await context.callFor("dynamodb:ListTagsOfResource", arn, gone, (options) =>
        dynamodb.send(new ListTagsOfResourceCommand({ ResourceArn: arn, NextToken: next }), options),
      );
      if (answer === undefined) {
        return undefined;
      }
      tags.push(...(answer.Tags ?? []));
      next = answer.NextToken;
    } while (next !== undefined);
    return tagRecord(tags);
  }

  return {
    type: "dynamodb-table",
    async list(page) {
      const { TableNames = [], LastEvaluatedTableName } = await context.call(
        "dynamodb:ListTables",
        "the tables",
        (options) => dynamodb.send(new ListTablesCommand({ ExclusiveStartTableName: page }), options),
      );
      return {
        items: TableNames.map((id) => ({
          ...{ type: "dynamodb-table", id, name: id },
          arn: context.arn("dynamodb", `table/${id}`),
        })),
        next: LastEvaluatedTableName,
      };
    },
    async describe(resource) {
      const [answer, tags] = await Promise.all([
        context.callFor("dynamodb:DescribeTable", `the table ${resource.id}`, gone, (options) =>
          dynamodb.send(new DescribeTableCommand({ TableName: resource.id }), options),
        ),
        tagsOf(resource.arn),
      ]);
      const table = answer?.Table;
      if (table === undefined || tags === undefined) {
        return undefined;
      }
      const all = [table, ...(table.GlobalSecondaryIndexes ?? [])];
      const isOnDemand = table.BillingModeSummary?.BillingMode === "PAY_PER_REQUEST";
      const total = (member: "ReadCapacityUnits" | "WriteCapacityUnits") =>
        all.reduce((sum, { ProvisionedThroughput }) => sum + (ProvisionedThroughput?.[member] ?? 0), 0);
      return {
        ...resource,
        tags,
        createdAt: table.CreationDateTime?.getTime(),
        leaving: table.TableStatus === "DELETING" ? "being deleted" : undefined,
        facts: {
          // An index is stored, and billed, as a table of its own.
          bytes:
            (table.TableSizeBytes ?? 0) +
            (table.GlobalSecondaryIndexes ?? []).reduce((sum, { IndexSizeBytes }) => sum + (IndexSizeBytes ?? 0), 0),
          count: table.ItemCount,
          deletionProtection: table.DeletionProtectionEnabled,
          ...(isOnDemand
            ? {}
            : { readCapacityUnits: total("ReadCapacityUnits"), writeCapacityUnits: total("WriteCapacityUnits") }),
        },
      };
    },
  };
}
