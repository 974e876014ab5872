import { CloudWatchLogsClient, type LogGroup, paginateDescribeLogGroups } from "@aws-sdk/client-cloudwatch-logs";
import type { ResourceUsage } from "@slipway/analysis";
import { missing, unreadable } from "./resource-facts.ts";
import type { Answer, UsageContext } from "./usage-context.ts";

/** Log groups by their names, each looked up once. */
export class LogGroups {
  readonly #context: UsageContext;
  readonly #asked = new Map<string, Promise<Answer<LogGroup | undefined>>>();

  constructor(context: UsageContext) {
    this.#context = context;
  }

  /** The group of exactly this name, if there is one and it can be seen. */
  async find(name: string): Promise<LogGroup | undefined> {
    const answer = await this.#look(name);
    return answer.kind === "answer" ? answer.value : undefined;
  }

  /**
   * Sees a log group's settings and use.
   *
   * @param address in the state; without one, a group that is not there is nothing to report
   */
  async observe(name: string, address?: string): Promise<ResourceUsage | undefined> {
    const facts = { address, type: "aws_cloudwatch_log_group", name };
    const answer = await this.#look(name);
    if (answer.kind === "failed") {
      return unreadable(facts, answer.why);
    }
    const group = answer.kind === "answer" ? answer.value : undefined;
    if (group === undefined) {
      return address === undefined ? undefined : missing(facts);
    }
    const [ingestedBytes] = await this.#context.metrics.sums([
      { namespace: "AWS/Logs", name: "IncomingBytes", dimensions: { LogGroupName: name } },
    ]);
    const { storedBytes } = group;
    return {
      kind: "log-group",
      ...facts,
      createdAt: group.creationTime,
      isInfrequentAccess: group.logGroupClass === "INFREQUENT_ACCESS",
      retentionDays: group.retentionInDays,
      ingestedBytes: ingestedBytes ?? { unknown: "it was not asked for" },
      storedBytes: storedBytes === undefined ? { unknown: "CloudWatch Logs does not say" } : { value: storedBytes },
    };
  }

  #look(name: string): Promise<Answer<LogGroup | undefined>> {
    const asked = this.#asked.get(name);
    if (asked !== undefined) {
      return asked;
    }
    const logs = this.#context.aws.client(CloudWatchLogsClient);
    const found = this.#context.ask("logs:DescribeLogGroups", `the log group ${name}`, async (options) => {
      const pages = paginateDescribeLogGroups({ client: logs }, { logGroupNamePrefix: name }, options);
      for await (const page of pages) {
        const group = page.logGroups?.find(({ logGroupName }) => logGroupName === name);
        if (group !== undefined) {
          return group;
        }
      }
      return undefined;
    });
    this.#asked.set(name, found);
    return found;
  }
}
