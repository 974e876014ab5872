import { CloudWatchLogsClient, DescribeQueryDefinitionsCommand } from "@aws-sdk/client-cloudwatch-logs";
import type { ResourceScanner } from "@slipway/release-engine";
import type { ScanContext } from "../scan-context.ts";

const pageSize = 1000;

/** Saved queries of Logs Insights. */
export function queryDefinitions(context: ScanContext): ResourceScanner {
  const logs = context.client(CloudWatchLogsClient);
  return {
    type: "query-definition",
    async list(page) {
      const { queryDefinitions: queries = [], nextToken } = await context.call(
        "logs:DescribeQueryDefinitions",
        "the saved queries",
        (options) => logs.send(new DescribeQueryDefinitionsCommand({ nextToken: page, maxResults: pageSize }), options),
      );
      return {
        items: queries.map(({ queryDefinitionId: id = "", name = id, lastModified }) => ({
          ...{ type: "query-definition", id, name, modifiedAt: lastModified },
          arn: context.arn("logs", `query-definition:${id}`),
        })),
        next: nextToken,
      };
    },
    // The listing says everything; saved queries have no tags.
    describe: async (resource) => resource,
  };
}
