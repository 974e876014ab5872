import type {
  CreateFunctionRequest,
  DeadLetterConfig,
  Environment,
  LoggingConfig,
  UpdateFunctionConfigurationRequest,
} from "@aws-sdk/client-lambda";
import type { FunctionSettings } from "./function-records.ts";
import { invalidMember, invalidParameter, unsupported } from "./lambda-errors.ts";
import type { LambdaDependencies } from "./lambda-state.ts";

/** What `CreateFunction` and `UpdateFunctionConfiguration` say about a function's configuration. */
export type SettingsInput = Pick<
  Partial<CreateFunctionRequest> & UpdateFunctionConfigurationRequest,
  | "Runtime"
  | "Handler"
  | "Role"
  | "Description"
  | "Timeout"
  | "MemorySize"
  | "EphemeralStorage"
  | "Environment"
  | "KMSKeyArn"
  | "TracingConfig"
  | "DeadLetterConfig"
  | "LoggingConfig"
  | "VpcConfig"
  | "Layers"
  | "FileSystemConfigs"
  | "ImageConfig"
  | "SnapStart"
  | "CapacityProviderConfig"
  | "DurableConfig"
>;

/** Runtimes that local AWS runs. */
export const RUNTIMES = ["nodejs18.x", "nodejs20.x", "nodejs22.x", "nodejs24.x"];

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime */
const RESERVED_VARIABLES = new Set([
  "_HANDLER",
  "_X_AMZN_TRACE_ID",
  "AWS_DEFAULT_REGION",
  "AWS_REGION",
  "AWS_EXECUTION_ENV",
  "AWS_LAMBDA_FUNCTION_NAME",
  "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
  "AWS_LAMBDA_FUNCTION_VERSION",
  "AWS_LAMBDA_INITIALIZATION_TYPE",
  "AWS_LAMBDA_LOG_GROUP_NAME",
  "AWS_LAMBDA_LOG_STREAM_NAME",
  "AWS_ACCESS_KEY",
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_LAMBDA_RUNTIME_API",
  "LAMBDA_TASK_ROOT",
  "LAMBDA_RUNTIME_DIR",
]);

const MAX_ENVIRONMENT_BYTES = 4096;
const DEAD_LETTER_TARGET = /^arn:aws:(sqs|sns):[a-z0-9-]+:\d{12}:[A-Za-z0-9_.-]+$/;
const ROLE = /^arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role\/?[a-zA-Z_0-9+=,.@\-_/]+$/;
const APPLICATION_LEVELS = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"];
const SYSTEM_LEVELS = ["DEBUG", "INFO", "WARN"];

/**
 * The settings of a new function.
 *
 * @throws AwsError when a setting is invalid, or one that local AWS does not support
 */
export function newSettings(name: string, input: SettingsInput): FunctionSettings {
  if (input.Handler === undefined || input.Runtime === undefined) {
    throw invalidParameter(
      "Runtime and Handler are mandatory parameters for functions created with deployment packages.",
    );
  }
  if (input.Role === undefined) {
    throw invalidMember("role", "null", "Member must not be null");
  }
  const defaults: FunctionSettings = {
    runtime: input.Runtime,
    handler: input.Handler,
    role: input.Role,
    description: "",
    timeoutSeconds: 3,
    memorySizeMb: 128,
    ephemeralStorageMb: 512,
    variables: {},
    kmsKeyArn: undefined,
    tracingMode: "PassThrough",
    deadLetterArn: undefined,
    logging: { format: "Text", group: `/aws/lambda/${name}`, applicationLevel: undefined, systemLevel: undefined },
  };
  return changedSettings(name, defaults, input);
}

/**
 * The settings of a function after an update: what the update does not name stays.
 *
 * @throws AwsError when a setting is invalid, or one that local AWS does not support
 */
export function changedSettings(name: string, before: FunctionSettings, input: SettingsInput): FunctionSettings {
  refuseUnsupported(input);
  const after: FunctionSettings = {
    runtime: input.Runtime ?? before.runtime,
    handler: input.Handler ?? before.handler,
    role: input.Role ?? before.role,
    description: input.Description ?? before.description,
    timeoutSeconds: input.Timeout ?? before.timeoutSeconds,
    memorySizeMb: input.MemorySize ?? before.memorySizeMb,
    ephemeralStorageMb: input.EphemeralStorage?.Size ?? before.ephemeralStorageMb,
    variables: variablesOf(input.Environment) ?? before.variables,
    kmsKeyArn: input.KMSKeyArn === undefined ? before.kmsKeyArn : input.KMSKeyArn || undefined,
    tracingMode: input.TracingConfig?.Mode ?? before.tracingMode,
    deadLetterArn: input.DeadLetterConfig === undefined ? before.deadLetterArn : deadLetter(input.DeadLetterConfig),
    logging: input.LoggingConfig === undefined ? before.logging : logging(name, before, input.LoggingConfig),
  };
  validate(after);
  return after;
}

/**
 * A dead-letter target needs its service behind this Lambda.
 *
 * Called with the final settings whenever a function is created or its configuration changes: the place where AWS also checks
 * that the execution role may send there ("The provided execution role does not have permissions to call SendMessage on SQS").
 *
 * @throws AwsError when there is no SNS, or no SQS
 */
export function requireDeadLetterTarget(
  dependencies: Pick<LambdaDependencies, "topics" | "queues">,
  { deadLetterArn }: Pick<FunctionSettings, "deadLetterArn">,
): void {
  if (deadLetterArn === undefined) {
    return;
  }
  const isQueue = isQueueArn(deadLetterArn);
  if ((isQueue ? dependencies.queues : dependencies.topics) === undefined) {
    throw unsupported(`the dead-letter target ${deadLetterArn} without ${isQueue ? "SQS" : "SNS"}`);
  }
}

/** Whether a dead-letter target or a destination is a queue. */
export function isQueueArn(arn: string): boolean {
  return arn.startsWith("arn:aws:sqs:");
}

function refuseUnsupported(input: SettingsInput): void {
  if ((input.Layers ?? []).length > 0) {
    throw unsupported("layers: put what the layer holds into the deployment package");
  }
  if ((input.VpcConfig?.SubnetIds ?? []).length > 0 || (input.VpcConfig?.SecurityGroupIds ?? []).length > 0) {
    throw unsupported("functions in a VPC: leave VpcConfig out");
  }
  if ((input.FileSystemConfigs ?? []).length > 0) {
    throw unsupported("file systems of functions (FileSystemConfigs)");
  }
  const image = input.ImageConfig;
  if (image?.Command !== undefined || image?.EntryPoint !== undefined || image?.WorkingDirectory !== undefined) {
    throw unsupported("container images (ImageConfig): use a deployment package of type Zip");
  }
  if (input.SnapStart?.ApplyOn === "PublishedVersions") {
    throw invalidParameter(`${input.Runtime ?? "The runtime"} is not supported for SnapStart enabled functions.`);
  }
  if (input.CapacityProviderConfig !== undefined) {
    throw unsupported("capacity providers (CapacityProviderConfig)");
  }
  if (input.DurableConfig !== undefined) {
    throw unsupported("durable functions (DurableConfig)");
  }
}

function validate(settings: FunctionSettings): void {
  const { runtime, handler, role, description, timeoutSeconds, memorySizeMb, ephemeralStorageMb, variables } = settings;
  if (!RUNTIMES.includes(runtime)) {
    throw invalidParameter(
      `Value ${runtime} at 'runtime' failed to satisfy constraint: local AWS runs Node.js functions only. Use one of ${RUNTIMES.join(", ")}.`,
    );
  }
  if (!/^[^\s]{1,128}$/.test(handler)) {
    throw invalidMember("handler", handler, "Member must satisfy regular expression pattern: [^\\s]{1,128}");
  }
  if (!ROLE.test(role)) {
    throw invalidMember("role", role, `Member must satisfy regular expression pattern: ${ROLE.source}`);
  }
  if (description.length > 256) {
    throw invalidMember("description", description, "Member must have length less than or equal to 256");
  }
  checkRange("timeout", timeoutSeconds, 1, 900);
  checkRange("memorySize", memorySizeMb, 128, 10_240);
  checkRange("ephemeralStorage.size", ephemeralStorageMb, 512, 10_240);
  checkVariables(variables);
}

function checkRange(member: string, value: number, least: number, most: number): void {
  if (!Number.isInteger(value) || value < least) {
    throw invalidMember(member, value, `Member must have value greater than or equal to ${least}`);
  }
  if (value > most) {
    throw invalidMember(member, value, `Member must have value less than or equal to ${most}`);
  }
}

function checkVariables(variables: Readonly<Record<string, string>>): void {
  const prefix =
    "Lambda was unable to configure your environment variables because the environment variables you have provided";
  const reserved = Object.keys(variables).filter((key) => RESERVED_VARIABLES.has(key));
  if (reserved.length > 0) {
    throw invalidParameter(
      `${prefix} contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(", ")}`,
    );
  }
  const malformed = Object.keys(variables).find((key) => !/^[a-zA-Z]\w+$/.test(key));
  if (malformed !== undefined) {
    throw invalidMember(
      "environment.variables",
      malformed,
      "Map keys must satisfy constraint: [Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+]",
    );
  }
  const measured = JSON.stringify(variables);
  if (Object.keys(variables).length > 0 && Buffer.byteLength(measured) > MAX_ENVIRONMENT_BYTES) {
    throw invalidParameter(`${prefix} exceeded the 4KB limit. String measured: ${measured}`);
  }
}

function variablesOf(environment: Environment | undefined): Record<string, string> | undefined {
  return environment === undefined ? undefined : { ...environment.Variables };
}

function deadLetter(config: DeadLetterConfig): string | undefined {
  const arn = config.TargetArn || undefined;
  if (arn !== undefined && !DEAD_LETTER_TARGET.test(arn)) {
    throw invalidParameter(
      `The dead-letter target ${arn} is neither an SQS queue nor an SNS topic: give the ARN of one.`,
    );
  }
  if (arn?.endsWith(".fifo") === true) {
    throw unsupported(`the dead-letter target ${arn}: FIFO queues and topics`);
  }
  return arn;
}

function logging(name: string, before: FunctionSettings, config: LoggingConfig): FunctionSettings["logging"] {
  const format = config.LogFormat ?? before.logging.format;
  const group = config.LogGroup || (config.LogGroup === "" ? `/aws/lambda/${name}` : before.logging.group);
  if (format === "Text") {
    if (config.ApplicationLogLevel !== undefined || config.SystemLogLevel !== undefined) {
      throw invalidParameter("ApplicationLogLevel and SystemLogLevel can only be set when LogFormat is JSON.");
    }
    return { format, group, applicationLevel: undefined, systemLevel: undefined };
  }
  const applicationLevel = config.ApplicationLogLevel ?? before.logging.applicationLevel ?? "INFO";
  const systemLevel = config.SystemLogLevel ?? before.logging.systemLevel ?? "INFO";
  if (!APPLICATION_LEVELS.includes(applicationLevel)) {
    throw invalidMember(
      "loggingConfig.applicationLogLevel",
      applicationLevel,
      `Member must satisfy enum value set: [${APPLICATION_LEVELS.join(", ")}]`,
    );
  }
  if (!SYSTEM_LEVELS.includes(systemLevel)) {
    throw invalidMember(
      "loggingConfig.systemLogLevel",
      systemLevel,
      `Member must satisfy enum value set: [${SYSTEM_LEVELS.join(", ")}]`,
    );
  }
  return { format, group, applicationLevel, systemLevel };
}
