import { credentials, region } from "../support/local-aws-server.ts";

/** What a function's environment says beside what Lambda itself writes into it. */
export interface FunctionSettings {
  /** Where the SDK finds DynamoDB. */
  readonly endpoint: string;
  readonly tableName: string;
}

const memoryMb = 256;
const youngMb = Math.floor(memoryMb / 10);

/** The one origin that browsers may call from. */
export const allowedOrigin = "https://app.example.com";

/** Node's arguments in Lambda's nodejs22.x runtime; local AWS starts functions with the same ones. */
export const nodeArguments: readonly string[] = [
  "--max-http-header-size=81920",
  `--max-semi-space-size=${Math.floor(youngMb / 2)}`,
  `--max-old-space-size=${memoryMb - youngMb}`,
  "--no-experimental-require-module",
  "--no-experimental-detect-module",
];

/**
 * The environment of the items API's function: Lambda's variables, the handler's own, nothing of this process.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
export function functionEnvironment({ endpoint, tableName }: FunctionSettings): Record<string, string> {
  return {
    LANG: "en_US.UTF-8",
    TZ: ":UTC",
    PATH: "/usr/local/bin:/usr/bin:/bin",
    _HANDLER: "index.handler",
    _X_AMZN_TRACE_ID: "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1",
    AWS_EXECUTION_ENV: "AWS_Lambda_nodejs22.x",
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_ENDPOINT_URL: endpoint,
    AWS_LAMBDA_FUNCTION_NAME: "items-api-bench",
    AWS_LAMBDA_FUNCTION_VERSION: "7",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_LOG_GROUP_NAME: "/aws/lambda/items-api-bench",
    AWS_LAMBDA_LOG_STREAM_NAME: "2026/01/01/[7]0123456789abcdef0123456789abcdef",
    AWS_LAMBDA_LOG_FORMAT: "Text",
    LAMBDA_TASK_ROOT: "/var/task",
    DYNAMODB_TABLE_NAME: tableName,
    CURSOR_KEY: "bench-cursor-key-0123456789abcdef",
    CORS_ALLOW_ORIGIN: allowedOrigin,
    LOG_LEVEL: "INFO",
  };
}
