import { describe, expect, test } from "vitest";
import { changedSettings, newSettings, requireDeadLetterTarget, type SettingsInput } from "./function-settings.ts";

const ROLE = "arn:aws:iam::000000000000:role/service/run";
const given: SettingsInput = { Runtime: "nodejs22.x", Handler: "index.handler", Role: ROLE };
const QUEUE = "arn:aws:sqs:us-east-1:000000000000:failures";

describe("a function's settings", () => {
  test("have AWS's defaults, and an update keeps what it does not name", () => {
    const before = newSettings("api", given);
    expect(before).toMatchObject({ timeoutSeconds: 3, memorySizeMb: 128, ephemeralStorageMb: 512, variables: {} });
    expect(before.logging).toMatchObject({ format: "Text", group: "/aws/lambda/api" });

    const after = changedSettings("api", before, {
      ...{ Timeout: 10, KMSKeyArn: "arn:aws:kms:us-east-1:000000000000:key/k", DeadLetterConfig: { TargetArn: QUEUE } },
      LoggingConfig: { LogFormat: "JSON", LogGroup: "shared" },
    });
    expect(after).toMatchObject({ timeoutSeconds: 10, memorySizeMb: 128, deadLetterArn: QUEUE });
    expect(after.logging).toEqual({ format: "JSON", group: "shared", applicationLevel: "INFO", systemLevel: "INFO" });
    // An empty text takes a setting away.
    const away = { KMSKeyArn: "", DeadLetterConfig: { TargetArn: "" }, LoggingConfig: { LogGroup: "" } };
    expect(changedSettings("api", after, away)).toMatchObject({
      ...{ kmsKeyArn: undefined, deadLetterArn: undefined },
      logging: { format: "JSON", group: "/aws/lambda/api" },
    });
  });

  test.each<[SettingsInput, string]>([
    [{ Handler: undefined }, "Runtime and Handler are mandatory parameters"],
    [{ Role: undefined }, "Member must not be null"],
    [{ Role: "run" }, "Member must satisfy regular expression pattern"],
    [{ Runtime: "python3.13" as "nodejs22.x" }, "local AWS runs Node.js functions only. Use one of nodejs18.x"],
    [{ Handler: "a b" }, "pattern: [^\\s]{1,128}"],
    [{ Description: "x".repeat(257) }, "Member must have length less than or equal to 256"],
    [{ Timeout: 0 }, "Member must have value greater than or equal to 1"],
    [{ Timeout: 901 }, "Member must have value less than or equal to 900"],
    [{ MemorySize: 128.5 }, "Member must have value greater than or equal to 128"],
    [{ EphemeralStorage: { Size: 20_000 } }, "Member must have value less than or equal to 10240"],
    [{ Environment: { Variables: { AWS_REGION: "x" } } }, "Reserved keys used in this request: AWS_REGION"],
    [{ Environment: { Variables: { "a-b": "x" } } }, "Map keys must satisfy constraint"],
    [{ Environment: { Variables: { LONG: "x".repeat(4_096) } } }, "exceeded the 4KB limit. String measured:"],
    [{ DeadLetterConfig: { TargetArn: "failures" } }, "is neither an SQS queue nor an SNS topic"],
    [{ DeadLetterConfig: { TargetArn: `${QUEUE}.fifo` } }, "FIFO queues and topics"],
    [{ LoggingConfig: { SystemLogLevel: "DEBUG" } }, "can only be set when LogFormat is JSON."],
    [{ LoggingConfig: { LogFormat: "JSON", ApplicationLogLevel: "LOUD" as "INFO" } }, "enum value set: [TRACE, DEBUG"],
    [{ LoggingConfig: { LogFormat: "JSON", SystemLogLevel: "LOUD" as "INFO" } }, "enum value set: [DEBUG, INFO, WARN]"],
    [{ Layers: ["arn"] }, "put what the layer holds into the deployment package"],
    [{ VpcConfig: { SubnetIds: ["subnet-1"] } }, "leave VpcConfig out"],
    [{ FileSystemConfigs: [{ Arn: "a", LocalMountPath: "/mnt/a" }] }, "FileSystemConfigs"],
    [{ ImageConfig: { Command: ["x"] } }, "use a deployment package of type Zip"],
    [{ SnapStart: { ApplyOn: "PublishedVersions" } }, "nodejs22.x is not supported for SnapStart enabled functions."],
  ])("%j are refused", (change, message) => {
    expect(() => newSettings("api", { ...given, ...change })).toThrow(message);
  });

  test("name no dead-letter target whose service is not there", () => {
    const queues = { send: () => {} };
    expect(() => requireDeadLetterTarget({ queues }, { deadLetterArn: QUEUE })).not.toThrow();
    expect(() => requireDeadLetterTarget({}, { deadLetterArn: undefined })).not.toThrow();
    expect(() => requireDeadLetterTarget({}, { deadLetterArn: QUEUE })).toThrow("without SQS");
    const topic = "arn:aws:sns:us-east-1:000000000000:failures";
    expect(() => requireDeadLetterTarget({ queues }, { deadLetterArn: topic })).toThrow("without SNS");
  });
});
