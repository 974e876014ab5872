import { AwsError } from "../core/aws-error.ts";
import type { InvokeRequest, InvokeResult, LogLine, MetricDatum, TagSource } from "../core/ports.ts";
import type {
  HttpRequest,
  HttpResponse,
  InputOf,
  OperationName,
  OutputOf,
  RequestContext,
  Service,
} from "../core/service.ts";
import { createApiGateway } from "../services/apigateway/create-apigateway.ts";
import { role } from "../services/lambda/lambda-fixture.ts";
import { type TestCore, testCore } from "../test/test-core.ts";
import { allow, type TestIam, testIam } from "../test/test-iam.ts";

type Sdk = typeof import("@aws-sdk/client-api-gateway");

/** What the fake function does with an event: an answer, or a failure as `lambda:Invoke` reports it. */
export type Handler = (event: Record<string, never>, request: InvokeRequest) => unknown;

/** An API Gateway with everything around it faked, for tests. */
export interface TestGateway {
  readonly core: TestCore;
  /** Enforced; {@link LOG_ROLE} may do everything until a test says otherwise. */
  readonly iam: TestIam;
  readonly service: Service;
  readonly tags: TagSource;
  readonly invocations: InvokeRequest[];
  readonly metrics: MetricDatum[];
  readonly logLines: { group: string; message: string }[];
  /** The event of the last invocation. */
  lastEvent(): Record<string, unknown>;
  /** What functions answer from now on, by the name at the end of their ARN; `default` for all others. */
  handlers: Record<string, Handler>;
  call<N extends OperationName<Sdk> & string>(
    operation: N,
    input: InputOf<Sdk, N>,
    http?: Partial<HttpRequest>,
  ): Promise<OutputOf<Sdk, N>>;
  /** Sends a request to a stage. */
  send(apiId: string, stage: string, pathAndQuery: string, options?: SendOptions): Promise<TestResponse>;
  dispose(): void;
}

/** What a test's request may have. */
export interface SendOptions {
  readonly method?: string;
  /** `[name, value]`, as sent. */
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: string | Uint8Array;
}

/** An answer with its body as text. */
export interface TestResponse {
  readonly status: number;
  readonly headers: HttpResponse["headers"];
  readonly text: string;
  readonly bytes: Buffer;
}

/** The ARN of a function of the test account. */
export function functionArn(name: string): string {
  return `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
}

/** The URI of a Lambda integration or authorizer. */
export function lambdaUri(name: string): string {
  return `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${functionArn(name)}/invocations`;
}

/** Makes a {@link TestGateway}; call `dispose` when done. */
export function testGateway(): TestGateway {
  const plain = testCore();
  const iam = testIam(plain);
  iam.grant(LOG_ROLE, allow("logs:*"));
  const core: TestCore = { ...plain, authorizer: iam.authorizer };
  const invocations: InvokeRequest[] = [];
  const metrics: MetricDatum[] = [];
  const logLines: { group: string; message: string }[] = [];
  const handlers: Record<string, Handler> = { default: () => ({ statusCode: 200, body: "ok" }) };
  const { service, gateway, tags } = createApiGateway(core, {
    functions: {
      invoke: async (request) => {
        invocations.push(request);
        return invoke(handlers, request);
      },
    },
    logs: {
      append: (group: string, _stream: string, lines: readonly LogLine[]) => {
        logLines.push(...lines.map(({ message }) => ({ group, message })));
      },
    },
    metrics: { record: (data) => metrics.push(...data) },
    roles: {
      findRole: (arn) =>
        arn.startsWith("arn:aws:iam::000000000000:role/apigateway-")
          ? role(arn, "apigateway.amazonaws.com")
          : undefined,
    },
  });
  return {
    core,
    iam,
    service,
    tags,
    invocations,
    metrics,
    logLines,
    handlers,
    lastEvent: () => JSON.parse(new TextDecoder().decode(invocations.at(-1)?.payload)),
    async call(name, input, http = {}) {
      const operation = service.operations[name] as ((input: unknown, context: RequestContext) => unknown) | undefined;
      if (operation === undefined) {
        throw new Error(`${name} is not implemented`);
      }
      const context = core.context();
      return (await operation(input, { ...context, http: { ...context.http, ...http } })) as never;
    },
    async send(apiId, stage, pathAndQuery, options = {}) {
      const response = await gateway.handle(
        { apiId, stage, path: pathAndQuery.split("?")[0] ?? "/" },
        request(pathAndQuery, options),
      );
      const bytes = Buffer.from(response.body as Uint8Array);
      return { status: response.status, headers: response.headers, text: bytes.toString(), bytes };
    },
    dispose: () => core.dispose(),
  };
}

async function invoke(handlers: Record<string, Handler>, request: InvokeRequest): Promise<InvokeResult> {
  const name = request.functionName.split(":function:").at(-1) ?? "";
  const handler = handlers[name] ?? handlers.default;
  const payload = JSON.parse(new TextDecoder().decode(request.payload));
  const result = { status: 200, executedVersion: "1", logTail: "" };
  try {
    const answer = await handler?.(payload, request);
    return { ...result, payload: Buffer.from(JSON.stringify(answer) ?? "null") };
  } catch (error) {
    if (error instanceof AwsError) {
      throw error;
    }
    const errorMessage = error instanceof Error ? error.message : String(error);
    return { ...result, functionError: "Unhandled", payload: Buffer.from(JSON.stringify({ errorMessage })) };
  }
}

function request(pathAndQuery: string, { method = "GET", headers = [], body = "" }: SendOptions): HttpRequest {
  const [path = "/", rawQuery = ""] = pathAndQuery.split("?");
  const all: (readonly [string, string])[] = [["Host", "127.0.0.1:4566"], ...headers];
  return {
    method,
    path,
    rawQuery,
    query: new URLSearchParams(rawQuery),
    headers: Object.fromEntries(all.map(([name, value]) => [name.toLowerCase(), value])),
    rawHeaders: all,
    body: typeof body === "string" ? Buffer.from(body) : body,
    remoteAddress: "::ffff:127.0.0.1",
  };
}

/** How a test's API differs from one that proxies everything to one function. */
export interface ApiOptions {
  /** OpenAPI operations by path and method; each gets a proxy integration to `items` unless it has one. */
  readonly paths?: Record<string, Record<string, Record<string, unknown>>>;
  /** Further members of the OpenAPI document. */
  readonly document?: Record<string, unknown>;
  readonly variables?: Record<string, string>;
}

/** Imports and deploys an API; its stage is `prod`. */
export async function deployApi(test: TestGateway, options: ApiOptions = {}): Promise<string> {
  const integration = { type: "aws_proxy", httpMethod: "POST", uri: lambdaUri("items") };
  const paths = options.paths ?? { "/{proxy+}": { "x-amazon-apigateway-any-method": {} } };
  const document = {
    openapi: "3.0.1",
    info: { title: "items-api", version: "1.0" },
    ...options.document,
    paths: Object.fromEntries(
      Object.entries(paths).map(([path, operations]) => [
        path,
        Object.fromEntries(
          Object.entries(operations).map(([method, operation]) => [
            method,
            { "x-amazon-apigateway-integration": integration, ...operation },
          ]),
        ),
      ]),
    ),
  };
  const api = await test.call("ImportRestApi", { body: Buffer.from(JSON.stringify(document)) });
  await test.call("CreateDeployment", { restApiId: api.id, stageName: "prod", variables: options.variables });
  return api.id ?? "";
}

/** Changes a test API's stage. */
export async function patchStage(
  test: TestGateway,
  apiId: string,
  operations: [path: string, value: string][],
): Promise<void> {
  await test.call("UpdateStage", {
    restApiId: apiId,
    stageName: "prod",
    patchOperations: operations.map(([path, value]) => ({ op: "replace", path, value })),
  });
}

/** The role that {@link allowLogs} sets. */
export const LOG_ROLE = "arn:aws:iam::000000000000:role/apigateway-logs";

/** Gives the account the role without which no logs can be turned on. */
export async function allowLogs(test: TestGateway): Promise<void> {
  await test.call("UpdateAccount", {
    patchOperations: [{ op: "replace", path: "/cloudwatchRoleArn", value: LOG_ROLE }],
  });
}
