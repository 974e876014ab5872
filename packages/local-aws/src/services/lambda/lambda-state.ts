import type { Core } from "../../core/core.ts";
import type { LogSink, MetricSink, ObjectReader, RoleDirectory, TopicPublisher } from "../../core/ports.ts";
import type { Operations } from "../../core/service.ts";
import type { LambdaRuntime } from "../../runtime/lambda-runtime.ts";
import type { FunctionStore } from "./function-store.ts";
import type { UpdateLock } from "./update-lock.ts";

/** What Lambda asks of the other services. */
export interface LambdaDependencies {
  readonly objects: ObjectReader;
  readonly roles: RoleDirectory;
  readonly logs: LogSink;
  readonly metrics: MetricSink;
  /** For dead-letter topics and destinations; without it they are refused. */
  readonly topics?: TopicPublisher;
}

/** What the operations of Lambda work on. */
export interface LambdaState {
  readonly core: Core;
  readonly dependencies: LambdaDependencies;
  readonly functions: FunctionStore;
  readonly runtime: LambdaRuntime;
  readonly updates: UpdateLock;
}

export type LambdaModule = typeof import("@aws-sdk/client-lambda");
/** Some operations of Lambda. */
export type LambdaOperations = Operations<LambdaModule>;
