import type { CostLine } from "@slipway/contracts";
import type { Coverage } from "./monthly-use.ts";
import { BYTES_PER_GB, gbSeconds, HOURS_PER_MONTH, quantityText } from "./numbers.ts";
import { type Reckoning, unknownLine } from "./reckoning.ts";
import type {
  AlarmUsage,
  BucketUsage,
  FunctionUsage,
  KeyUsage,
  LogGroupUsage,
  Measured,
  ResourceUsage,
  RestApiUsage,
  TableUsage,
  TopicUsage,
} from "./usage.ts";

/** Storage in `/tmp` that Lambda gives away. https://aws.amazon.com/lambda/pricing/ */
const FREE_EPHEMERAL_MB = 512;
const SECONDS_PER_MONTH = HOURS_PER_MONTH * 3600;
/** Rotations of a key that are charged for. https://aws.amazon.com/kms/pricing/ */
const BILLED_ROTATIONS = 2;

/** What a resource costs in a month, line by line. Nothing that AWS gives no number for is left out or taken as 0. */
export function linesOf(usage: ResourceUsage, reckoning: Reckoning, coverage: Coverage): CostLine[] {
  switch (usage.kind) {
    case "function":
      return functionLines(usage, reckoning, coverage);
    case "rest-api":
      return restApiLines(usage, reckoning, coverage);
    case "table":
      return tableLines(usage, reckoning, coverage);
    case "log-group":
      return logGroupLines(usage, reckoning, coverage);
    case "bucket":
      return bucketLines(usage, reckoning, coverage);
    case "key":
      return keyLines(usage, reckoning);
    case "alarm":
      return [alarmLine(usage, reckoning)];
    case "dashboard":
      return [reckoning.ofLevel("dashboard", "cloudwatch.dashboard", { value: 1 })];
    case "custom-metrics":
      return [reckoning.ofLevel("metrics", "cloudwatch.metric", usage.count)];
    case "topic":
      return topicLines(usage, reckoning, coverage);
    case "queue":
      return [
        reckoning.ofUse("requests", usage.isFifo ? "sqs.requests.fifo" : "sqs.requests", usage.requests, coverage),
      ];
    case "missing":
      return [];
    case "unreadable":
      return [unknownLine("everything", usage.why)];
  }
}

function functionLines(usage: FunctionUsage, reckoning: Reckoning, coverage: Coverage): CostLine[] {
  const { architecture, memoryMb, ephemeralMb, invocations, durationMs, provisionedConcurrency } = usage;
  const lines = [
    reckoning.ofUse("requests", "lambda.requests", invocations, coverage),
    reckoning.ofUse(
      "duration",
      `lambda.duration.${architecture}`,
      map(durationMs, (ms) => gbSeconds(ms, memoryMb)),
      coverage,
      gbSecondsText(durationMs, memoryMb),
    ),
  ];
  if (ephemeralMb > FREE_EPHEMERAL_MB) {
    const charged = ephemeralMb - FREE_EPHEMERAL_MB;
    lines.push(
      reckoning.ofUse(
        "ephemeral storage",
        "lambda.ephemeral-storage",
        map(durationMs, (ms) => gbSeconds(ms, charged)),
        coverage,
        gbSecondsText(durationMs, charged),
      ),
    );
  }
  if (!isNothing(provisionedConcurrency)) {
    lines.push(
      reckoning.ofLevel(
        "provisioned concurrency",
        `lambda.provisioned.${architecture}`,
        map(provisionedConcurrency, (kept) => (kept * memoryMb * SECONDS_PER_MONTH) / 1024),
        "value" in provisionedConcurrency
          ? `${provisionedConcurrency.value} x ${memoryMb} MB / 1,024 x ${quantityText(SECONDS_PER_MONTH)} s`
          : "",
      ),
    );
  }
  // Without an invocation there is no trace.
  if (usage.traced && !isNothing(invocations)) {
    lines.push(unknownLine("X-Ray traces", "CloudWatch does not count the traces that a function records"));
  }
  return lines;
}

function gbSecondsText(durationMs: Measured, memoryMb: number): string {
  return "value" in durationMs ? `${quantityText(durationMs.value)} ms / 1,000 x ${memoryMb} MB / 1,024` : "";
}

function restApiLines({ requests, cachedStages }: RestApiUsage, reckoning: Reckoning, coverage: Coverage): CostLine[] {
  return [
    reckoning.ofUse("requests", "apigateway.rest.requests", requests, coverage),
    ...cachedStages.map((stage) =>
      unknownLine(`cache of stage ${stage}`, "the price table has no prices of cache clusters"),
    ),
  ];
}

function tableLines(usage: TableUsage, reckoning: Reckoning, coverage: Coverage): CostLine[] {
  const { billing, provisioned, isStandardClass, bytes, recoverableBytes, backupBytes, readUnits, writeUnits } = usage;
  if (!isStandardClass) {
    return [unknownLine("everything", "the price table has no prices of the class Standard-Infrequent Access")];
  }
  const throughput =
    billing === "on-demand"
      ? [
          reckoning.ofUse("reads", "dynamodb.on-demand.reads", readUnits, coverage),
          reckoning.ofUse("writes", "dynamodb.on-demand.writes", writeUnits, coverage),
        ]
      : [
          reckoning.ofLevel("read capacity", "dynamodb.provisioned.reads", ...capacityHours(provisioned.reads)),
          reckoning.ofLevel("write capacity", "dynamodb.provisioned.writes", ...capacityHours(provisioned.writes)),
        ];
  return [
    ...throughput,
    reckoning.ofBytes("storage", "dynamodb.storage", bytes),
    ...(recoverableBytes === undefined
      ? []
      : [reckoning.ofBytes("point-in-time recovery", "dynamodb.pitr", recoverableBytes)]),
    ...(isNothing(backupBytes) ? [] : [reckoning.ofBytes("backups", "dynamodb.backup", backupBytes)]),
  ];
}

function capacityHours(units: number): [Measured, string] {
  return [{ value: units * HOURS_PER_MONTH }, `${quantityText(units)} x ${HOURS_PER_MONTH} h`];
}

function logGroupLines(usage: LogGroupUsage, reckoning: Reckoning, coverage: Coverage): CostLine[] {
  const { isInfrequentAccess, ingestedBytes, storedBytes } = usage;
  return [
    reckoning.ofUse(
      "ingestion",
      isInfrequentAccess ? "logs.ingestion.infrequent-access" : "logs.ingestion",
      map(ingestedBytes, (bytes) => bytes / BYTES_PER_GB),
      coverage,
      "value" in ingestedBytes ? `${quantityText(ingestedBytes.value)} bytes / 1,024^3` : "",
    ),
    reckoning.ofBytes("storage", "logs.storage", storedBytes),
  ];
}

function bucketLines(usage: BucketUsage, reckoning: Reckoning, coverage: Coverage): CostLine[] {
  return [
    reckoning.ofBytes("storage", "s3.storage.standard", usage.standardBytes),
    ...usage.otherStorage.map((type) => unknownLine(`storage in ${type}`, `the price table has no price of ${type}`)),
    reckoning.ofUse("write requests", "s3.requests.write", usage.writeRequests, coverage),
    reckoning.ofUse("read requests", "s3.requests.read", usage.readRequests, coverage),
  ];
}

function keyLines({ state, rotations }: KeyUsage, reckoning: Reckoning): CostLine[] {
  if (state === "pending-deletion") {
    return [];
  }
  return [
    reckoning.ofLevel("key", "kms.key", { value: 1 }),
    ...(isNothing(rotations)
      ? []
      : [
          reckoning.ofLevel(
            "rotated key material",
            "kms.key",
            map(rotations, (count) => Math.min(count, BILLED_ROTATIONS)),
            "value" in rotations
              ? `${rotations.value} rotations, of which ${BILLED_ROTATIONS} are charged for at most`
              : "",
          ),
        ]),
    unknownLine("requests", "CloudWatch does not count requests by key"),
  ];
}

function alarmLine({ isComposite, metrics, isHighResolution }: AlarmUsage, reckoning: Reckoning): CostLine {
  return isComposite
    ? reckoning.ofLevel("composite alarm", "cloudwatch.alarm.composite", { value: 1 })
    : reckoning.ofLevel(
        "alarm",
        isHighResolution ? "cloudwatch.alarm.high-resolution" : "cloudwatch.alarm",
        { value: metrics },
        metrics === 1 ? "" : `${metrics} metrics in its expression`,
      );
}

function topicLines({ publishes, chargedProtocols }: TopicUsage, reckoning: Reckoning, coverage: Coverage): CostLine[] {
  return [
    reckoning.ofUse("publishes", "sns.publishes", publishes, coverage),
    ...chargedProtocols.map((protocol) =>
      unknownLine(`deliveries by ${protocol}`, "CloudWatch does not count deliveries by protocol"),
    ),
  ];
}

function map(measured: Measured, change: (value: number) => number): Measured {
  return "value" in measured ? { value: change(measured.value) } : measured;
}

/** Known to be 0, which is something else than not known. */
function isNothing(measured: Measured): boolean {
  return "value" in measured && measured.value === 0;
}
