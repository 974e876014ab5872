import { CloudWatchClient, ListDashboardsCommand, ListTagsForResourceCommand } from "@aws-sdk/client-cloudwatch";
import type { ResourceScanner } from "@slipway/release-engine";
import { type ScanContext, tagRecord } from "../scan-context.ts";

/** Dashboards. */
export function dashboards(context: ScanContext): ResourceScanner {
  const cloudwatch = context.client(CloudWatchClient);
  return {
    type: "dashboard",
    async list(page) {
      const { DashboardEntries = [], NextToken } = await context.call(
        "cloudwatch:ListDashboards",
        "the dashboards",
        (options) => cloudwatch.send(new ListDashboardsCommand({ NextToken: page }), options),
      );
      return {
        items: DashboardEntries.map(({ DashboardName: id = "", DashboardArn, LastModified }) => ({
          ...{ type: "dashboard", id, name: id, modifiedAt: LastModified?.getTime() },
          arn: DashboardArn ?? context.arn("cloudwatch", `dashboard/${id}`, { isGlobal: true }),
        })),
        next: NextToken,
      };
    },
    async describe(resource) {
      const answer = await context.callFor(
        "cloudwatch:ListTagsForResource",
        `the dashboard ${resource.name}`,
        ["ResourceNotFoundException", "ResourceNotFound"],
        (options) => cloudwatch.send(new ListTagsForResourceCommand({ ResourceARN: resource.arn }), options),
      );
      return answer && { ...resource, tags: tagRecord(answer.Tags) };
    },
  };
}
