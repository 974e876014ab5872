import { createHash, randomUUID } from "node:crypto";
import { strToU8, zipSync } from "fflate";
import type { LogSink } from "../core/ports.ts";
import { type TestCore, testCore } from "../test/test-core.ts";
import type { FunctionSpec, InvocationOutcome } from "./function-spec.ts";
import { createLambdaRuntime, type LambdaRuntime, type RuntimeDependencies } from "./lambda-runtime.ts";
import type { RuntimeOptions } from "./runtime-host.ts";

/** A deployment package with these text files. For tests. */
export function packageOf(files: Readonly<Record<string, string>>): Uint8Array {
  return zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])));
}

/** Whether a process is there. For tests. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A runtime with a log that tests can read. */
export interface RuntimeFixture {
  readonly core: TestCore;
  readonly runtime: LambdaRuntime;
  /** All log messages, in order. */
  readonly messages: string[];
  readonly streams: Set<string>;
  /** A version whose code is this package or this text of `index.mjs`. */
  spec(code: string | Record<string, string>, overrides?: Partial<FunctionSpec>): FunctionSpec;
  /** Invokes it with an event; `answer` is the parsed payload. */
  invoke(spec: FunctionSpec, event?: unknown): Promise<InvocationOutcome & { answer: unknown; requestId: string }>;
  dispose(): Promise<void>;
}

/** Makes a {@link RuntimeFixture}. */
export function runtimeFixture(
  options: Partial<RuntimeOptions> = {},
  dependencies: Partial<RuntimeDependencies> = {},
): RuntimeFixture {
  const core = testCore();
  const messages: string[] = [];
  const streams = new Set<string>();
  const logs: LogSink = {
    append(group, stream, lines) {
      streams.add(`${group} ${stream}`);
      messages.push(...lines.map(({ message }) => message));
    },
  };
  const role = { arn: `arn:aws:iam::${core.accountId}:role/run`, roleId: "AROATESTTESTTESTTEST" };
  const runtime = createLambdaRuntime(
    core,
    {
      logs,
      logAccess: () => ({ write: true, createGroup: true }),
      issueCredentials: (spec, seconds) => core.credentials.issueSession(role, spec.functionName, seconds),
      ...dependencies,
    },
    options,
  );
  return {
    core,
    runtime,
    messages,
    streams,
    spec(code, overrides = {}) {
      const bytes = packageOf(typeof code === "string" ? { "index.mjs": code } : code);
      return {
        id: randomUUID(),
        functionName: "fn",
        version: "$LATEST",
        runtime: "nodejs22.x",
        handler: "index.handler",
        memorySizeMb: 256,
        timeoutSeconds: 10,
        roleArn: role.arn,
        variables: {},
        codeSha256: createHash("sha256").update(bytes).digest("base64"),
        readPackage: () => bytes,
        logging: { group: "/aws/lambda/fn", format: "Text" },
        ...overrides,
      };
    },
    async invoke(spec, event = {}) {
      const requestId = randomUUID();
      const outcome = await runtime.run(spec, {
        requestId,
        payload: Buffer.from(JSON.stringify(event)),
        invokedFunctionArn: `arn:aws:lambda:us-east-1:${core.accountId}:function:fn`,
        traceId: "Root=1-00000000-000000000000000000000000;Parent=0000000000000000;Sampled=0",
      });
      return { ...outcome, requestId, answer: JSON.parse(Buffer.from(outcome.payload).toString()) as unknown };
    },
    async dispose() {
      await runtime.close();
      core.dispose();
    },
  };
}
