import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { Credential } from "../core/credentials.ts";
import type { FunctionSpec } from "./function-spec.ts";

/** What an execution environment's variables are made of, beside the function's configuration. */
export interface EnvironmentPlace {
  readonly region: string;
  /** Where the SDK inside of the function finds local AWS. */
  readonly endpoint: string;
  readonly credentials: Credential;
  readonly runtimeApi: string;
  readonly taskRoot: string;
  readonly node: string;
  /** The environment's own folder for temporary files. */
  readonly temporary: string;
  readonly logStream: string;
}

/** Features that Lambda turns off where Node.js turned them on. https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html */
const DISABLED_FEATURES: Readonly<Record<string, readonly string[]>> = {
  "nodejs20.x": ["experimental-require-module"],
  "nodejs22.x": ["experimental-require-module", "experimental-detect-module"],
};

/**
 * The variables and Node.js arguments of an execution environment: Lambda's and the function's own, nothing of local AWS's
 * own environment. https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
export function environmentVariables(
  spec: FunctionSpec,
  place: EnvironmentPlace,
): { readonly env: Record<string, string>; readonly nodeArguments: readonly string[] } {
  const { credentials } = place;
  const env: Record<string, string> = {
    LANG: "en_US.UTF-8",
    TZ: ":UTC",
    PATH: `${dirname(place.node)}:/usr/local/bin:/usr/bin:/bin`,
    TMPDIR: place.temporary,
    AWS_ENDPOINT_URL: place.endpoint,
    AWS_XRAY_CONTEXT_MISSING: "LOG_ERROR",
    ...spec.variables,
    // Reserved: the function's own variables cannot name these.
    _HANDLER: spec.handler,
    AWS_EXECUTION_ENV: `AWS_Lambda_${spec.runtime}`,
    AWS_REGION: place.region,
    AWS_DEFAULT_REGION: place.region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken ?? "",
    AWS_LAMBDA_FUNCTION_NAME: spec.functionName,
    AWS_LAMBDA_FUNCTION_VERSION: spec.version,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(spec.memorySizeMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_LOG_GROUP_NAME: spec.logging.group,
    AWS_LAMBDA_LOG_STREAM_NAME: place.logStream,
    AWS_LAMBDA_LOG_FORMAT: spec.logging.format,
    AWS_LAMBDA_RUNTIME_API: place.runtimeApi,
    LAMBDA_TASK_ROOT: place.taskRoot,
    LAMBDA_RUNTIME_DIR: fileURLToPath(new URL("./bootstrap", import.meta.url)),
  };
  if (spec.logging.format === "JSON") {
    env.AWS_LAMBDA_LOG_LEVEL = spec.logging.applicationLevel ?? "INFO";
  }
  const disabled = (DISABLED_FEATURES[spec.runtime] ?? []).filter(
    (feature) => !(spec.variables.NODE_OPTIONS ?? "").includes(`--${feature}`),
  );
  // A tenth of the memory for the young generation, the rest for the old one, as Lambda's own start script divides it.
  const youngMb = Math.floor(spec.memorySizeMb / 10);
  return {
    env,
    nodeArguments: [
      "--max-http-header-size=81920",
      `--max-semi-space-size=${Math.floor(youngMb / 2)}`,
      `--max-old-space-size=${spec.memorySizeMb - youngMb}`,
      ...disabled.map((feature) => `--no-${feature}`),
    ],
  };
}
