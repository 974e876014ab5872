import type { CreateFunctionRequest } from "@aws-sdk/client-lambda";
import { AwsError } from "../../core/aws-error.ts";
import type { LogSink, MetricDatum, QueueMessage, RoleRecord } from "../../core/ports.ts";
import type { InputOf, OutputOf } from "../../core/service.ts";
import { packageOf } from "../../runtime/runtime-fixture.ts";
import { type TestCore, testCore } from "../../test/test-core.ts";
import { allow, type TestIam, testIam } from "../../test/test-iam.ts";
import { createLambda, type Lambda, type LambdaOptions } from "./create-lambda.ts";
import type { LambdaModule } from "./lambda-state.ts";

export const ROLE = "arn:aws:iam::000000000000:role/service/run";
export const ECHO = "export const handler = async (event) => event";

/** Calls an operation as root would: `call("GetFunction", { FunctionName: "fn" })`. */
export type Call = <N extends string>(
  operation: N,
  input: Partial<InputOf<LambdaModule, N>>,
) => Promise<OutputOf<LambdaModule, N>>;

/** Lambda with fakes of the other services, for tests. */
export interface LambdaFixture {
  readonly core: TestCore;
  /** Enforced; {@link ROLE} may do everything until a test says otherwise. */
  readonly iam: TestIam;
  lambda: Lambda;
  readonly messages: string[];
  readonly metrics: MetricDatum[];
  readonly roles: Map<string, RoleRecord>;
  /** Objects by `bucket/key`, or `bucket/key@version`. */
  readonly objects: Map<string, Uint8Array>;
  readonly published: { topic: string; message: string }[];
  /** Messages to queues; a queue whose name starts with `missing` does not take any. */
  readonly queued: QueueMessage[];
  readonly call: Call;
  /** Creates a function and waits until it is active. */
  create(
    name?: string,
    code?: string | Record<string, string>,
    overrides?: Partial<CreateFunctionRequest>,
  ): Promise<void>;
  /** Replaces the code, waits, and publishes: the number of the version. */
  publish(name: string, code: string): Promise<string>;
  /** Waits until no update is in progress. */
  settled(name?: string): Promise<void>;
  /** Invokes, and parses the answer. */
  invoke(functionName: string, event?: unknown, qualifier?: string): Promise<unknown>;
  /** Stops Lambda and starts it again on the same store. */
  restart(): Promise<void>;
  dispose(): Promise<void>;
}

/** Makes a {@link LambdaFixture}. */
export function lambdaFixture(options: LambdaOptions = {}): LambdaFixture {
  const plain = testCore();
  const iam = testIam(plain);
  iam.grant(ROLE, allow("*"));
  const core: TestCore = { ...plain, authorizer: iam.authorizer };
  const messages: string[] = [];
  const metrics: MetricDatum[] = [];
  const objects = new Map<string, Uint8Array>();
  const published: { topic: string; message: string }[] = [];
  const queued: QueueMessage[] = [];
  const roles = new Map<string, RoleRecord>([[ROLE, role(ROLE, "lambda.amazonaws.com")]]);
  const logs: LogSink = { append: (_group, _stream, lines) => messages.push(...lines.map(({ message }) => message)) };
  const start = () =>
    createLambda(
      core,
      {
        objects: {
          async readObject(bucket, key, version) {
            const body = objects.get(`${bucket}/${key}${version === undefined ? "" : `@${version}`}`);
            if (body === undefined) {
              throw new AwsError("NoSuchKey", "The specified key does not exist.");
            }
            return { body };
          },
        },
        roles: { findRole: (arn) => roles.get(arn) },
        logs,
        metrics: { record: (data) => metrics.push(...data) },
        topics: { publish: (topic, _subject, message) => published.push({ topic, message }) },
        queues: {
          send(message) {
            if (message.queueArn.includes(":missing")) {
              throw new AwsError("QueueDoesNotExist", "The specified queue does not exist.");
            }
            queued.push(message);
          },
        },
      },
      options,
    );

  const call: Call = async (operation, input) => {
    const work = fixture.lambda.service.operations[operation] as (input: unknown, context: unknown) => unknown;
    return (await work(input, core.context())) as never;
  };
  const fixture: LambdaFixture = {
    core,
    iam,
    lambda: start(),
    messages,
    metrics,
    roles,
    objects,
    published,
    queued,
    call,
    async create(name = "fn", code = ECHO, overrides = {}) {
      await call("CreateFunction", {
        FunctionName: name,
        Role: ROLE,
        Runtime: "nodejs22.x",
        Handler: "index.handler",
        Code: { ZipFile: packageOf(typeof code === "string" ? { "index.mjs": code } : code) },
        ...overrides,
      } as Partial<InputOf<LambdaModule, "CreateFunction">>);
      await fixture.settled(name);
    },
    async publish(name, code) {
      await call("UpdateFunctionCode", { FunctionName: name, ZipFile: packageOf({ "index.mjs": code }) });
      await fixture.settled(name);
      const { Version } = await call("PublishVersion", { FunctionName: name });
      return Version ?? "";
    },
    async settled(name = "fn") {
      for (;;) {
        const { State, LastUpdateStatus } = await call("GetFunctionConfiguration", { FunctionName: name });
        if (State === "Active" && LastUpdateStatus === "Successful") {
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    async invoke(functionName, event = {}, qualifier) {
      const { payload } = await fixture.lambda.functions.invoke({
        functionName,
        payload: Buffer.from(JSON.stringify(event)),
        ...(qualifier === undefined ? {} : { qualifier }),
      });
      return JSON.parse(Buffer.from(payload).toString());
    },
    async restart() {
      await fixture.lambda.service.close?.();
      fixture.lambda = start();
    },
    async dispose() {
      await fixture.lambda.service.close?.();
      core.dispose();
    },
  };
  return fixture;
}

/** A role that a service may assume. */
export function role(arn: string, service: string): RoleRecord {
  return {
    arn,
    roleId: "AROATESTTESTTESTTEST",
    roleName: arn.split("/").at(-1) ?? "",
    maxSessionDuration: 3600,
    assumeRolePolicyDocument: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
    }),
  };
}
