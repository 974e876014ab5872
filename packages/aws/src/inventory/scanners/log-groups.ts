import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  ListTagsForResourceCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import type { ResourceScanner } from "@slipway/release-engine";
import type { ScanContext } from "../scan-context.ts";

const gone = ["ResourceNotFoundException"];
const pageSize = 50;

/** Log groups, with when something was last written to them. */
export function logGroups(context: ScanContext): ResourceScanner {
  const logs = context.client(CloudWatchLogsClient);
  return {
    type: "log-group",
    async list(page) {
      const { logGroups: groups = [], nextToken } = await context.call(
        "logs:DescribeLogGroups",
        "the log groups",
        (options) => logs.send(new DescribeLogGroupsCommand({ nextToken: page, limit: pageSize }), options),
      );
      return {
        items: groups.map(({ logGroupName: id = "", arn, logGroupArn, creationTime, storedBytes }) => ({
          ...{ type: "log-group", id, name: id, createdAt: creationTime },
          arn: logGroupArn ?? arn?.replace(/:\*$/, "") ?? context.arn("logs", `log-group:${id}`),
          awsOwned: id === "/aws/apigateway/welcome" ? "made by API Gateway for its account setting" : undefined,
          facts: { bytes: storedBytes },
        })),
        next: nextToken,
      };
    },
    async describe(resource) {
      const subject = `the log group ${resource.id}`;
      const [tags, streams] = await Promise.all([
        context.callFor("logs:ListTagsForResource", subject, gone, (options) =>
          logs.send(new ListTagsForResourceCommand({ resourceArn: resource.arn }), options),
        ),
        context.callFor("logs:DescribeLogStreams", subject, gone, (options) =>
          logs.send(
            new DescribeLogStreamsCommand({
              ...{ logGroupName: resource.id, orderBy: "LastEventTime", descending: true, limit: 1 },
            }),
            options,
          ),
        ),
      ]);
      if (tags === undefined || streams === undefined) {
        return undefined;
      }
      return { ...resource, tags: tags.tags ?? {}, lastUsedAt: streams.logStreams?.[0]?.lastEventTimestamp ?? null };
    },
  };
}
