import type { AccessNeed } from "../../core/access.ts";
import type { Core } from "../../core/core.ts";
import type {
  KeyDirectory,
  LogSink,
  MetricSink,
  ObjectReader,
  QueueSender,
  RoleDirectory,
  TopicPublisher,
} from "../../core/ports.ts";
import type { Operations, RequestContext } from "../../core/service.ts";
import type { LambdaRuntime } from "../../runtime/lambda-runtime.ts";
import type { FunctionStore } from "./function-store.ts";
import type { UpdateLock } from "./update-lock.ts";

/** An object of S3, as requests name it. */
export interface ObjectReference {
  readonly Bucket: string;
  readonly Key: string;
  readonly VersionId?: string;
}

/** What Lambda asks of the other services. */
export interface LambdaDependencies {
  readonly objects: ObjectReader;
  readonly roles: RoleDirectory;
  readonly logs: LogSink;
  readonly metrics: MetricSink;
  /** For dead-letter topics and destinations; without it they are refused. */
  readonly topics?: TopicPublisher;
  /** For dead-letter queues and destinations; without it they are refused. */
  readonly queues?: QueueSender;
  /** Finds the keys that environment variables are encrypted with; without it they are not looked at. */
  readonly keys?: KeyDirectory;
  /** What somebody needs to read an object, with the policies of bucket and key; without it `s3:GetObject` on the object alone. */
  readonly objectNeeds?: (object: ObjectReference, context: RequestContext) => readonly AccessNeed[];
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
