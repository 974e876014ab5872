import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  paginateListProvisionedConcurrencyConfigs,
} from "@aws-sdk/client-lambda";
import type { FunctionUsage, Measured, ResourceUsage } from "@slipway/analysis";
import type { StateResource } from "@slipway/release-engine";
import type { LogGroups } from "./log-groups.ts";
import { missing, textIn, unreadable } from "./resource-facts.ts";
import type { UsageContext } from "./usage-context.ts";

/** Reports of so many hours are looked through for the memory that was used. */
const REPORT_HOURS = 24;
/** And so many events of them at most: one call, whatever the traffic. */
const REPORT_EVENTS = 1000;
const DEFAULT_EPHEMERAL_MB = 512;

/** Sees a function's settings and use. */
export async function observeFunction(
  context: UsageContext,
  groups: LogGroups,
  resource: StateResource,
): Promise<ResourceUsage> {
  const name = textIn(resource, "function_name") ?? resource.id ?? resource.name;
  const facts = { address: resource.address, type: resource.type, name };
  const lambda = context.aws.client(LambdaClient);
  const found = await context.ask("lambda:GetFunctionConfiguration", `the function ${name}`, (options) =>
    lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name }), options),
  );
  if (found.kind !== "answer") {
    return found.kind === "missing" ? missing(facts) : unreadable(facts, found.why);
  }
  const { MemorySize = 128, Architectures, EphemeralStorage, TracingConfig, LoggingConfig } = found.value;
  const logGroup = LoggingConfig?.LogGroup ?? `/aws/lambda/${name}`;
  const [[invocations, durationMs], provisionedConcurrency, group] = await Promise.all([
    context.metrics.sums([
      { namespace: "AWS/Lambda", name: "Invocations", dimensions: { FunctionName: name } },
      { namespace: "AWS/Lambda", name: "Duration", dimensions: { FunctionName: name } },
    ]),
    provisionedOf(context, name),
    groups.find(logGroup),
  ]);
  const isUsed = invocations !== undefined && "value" in invocations && invocations.value > 0;
  return {
    kind: "function",
    ...facts,
    // Lambda does not say when a function was made; its log group was made with it, or at its first invocation.
    createdAt: group?.creationTime,
    architecture: Architectures?.[0] === "arm64" ? "arm64" : "x86_64",
    memoryMb: MemorySize,
    ephemeralMb: EphemeralStorage?.Size ?? DEFAULT_EPHEMERAL_MB,
    traced: TracingConfig?.Mode === "Active",
    invocations: invocations ?? { unknown: "it was not asked for" },
    durationMs: durationMs ?? { unknown: "it was not asked for" },
    provisionedConcurrency,
    maxMemoryUsedMb:
      isUsed && group !== undefined ? await memoryUsed(context, logGroup) : { unknown: "there are no reports to read" },
  } satisfies FunctionUsage;
}

async function provisionedOf(context: UsageContext, name: string): Promise<Measured> {
  const lambda = context.aws.client(LambdaClient);
  const answer = await context.ask(
    "lambda:ListProvisionedConcurrencyConfigs",
    `the function ${name}`,
    async (options) => {
      let sum = 0;
      const pages = paginateListProvisionedConcurrencyConfigs({ client: lambda }, { FunctionName: name }, options);
      for await (const page of pages) {
        for (const config of page.ProvisionedConcurrencyConfigs ?? []) {
          sum += config.RequestedProvisionedConcurrentExecutions ?? 0;
        }
      }
      return sum;
    },
  );
  return context.measure(answer, (sum) => sum, "the function is not there");
}

/**
 * The most memory that the newest reports tell of: one call of at most a thousand events, which costs nothing. What it does not
 * reach back to is not claimed.
 */
async function memoryUsed(context: UsageContext, logGroup: string): Promise<Measured> {
  const logs = context.aws.client(CloudWatchLogsClient);
  const answer = await context.ask("logs:FilterLogEvents", `the log group ${logGroup}`, (options) =>
    logs.send(
      new FilterLogEventsCommand({
        logGroupName: logGroup,
        startTime: context.window.to - REPORT_HOURS * 3_600_000,
        // Both forms of a report: the line of text, and the event of JSON logs.
        filterPattern: '?"Max Memory Used" ?"maxMemoryUsedMB"',
        limit: REPORT_EVENTS,
      }),
      options,
    ),
  );
  return context.measure(
    answer,
    ({ events = [] }) => {
      const used = events.flatMap(({ message = "" }) => memoryIn(message) ?? []);
      return used.length === 0 ? undefined : Math.max(...used);
    },
    `no report in the last ${REPORT_HOURS} h`,
  );
}

/** `REPORT RequestId: ... Max Memory Used: 87 MB`, or `{"type":"platform.report","record":{"metrics":{"maxMemoryUsedMB":87}}}`. */
function memoryIn(message: string): number | undefined {
  const found = /\bMax Memory Used: (\d+) MB\b/.exec(message) ?? /"maxMemoryUsedMB":\s*(\d+)/.exec(message);
  return found === null ? undefined : Number(found[1]);
}
