import type { Core } from "../../core/core.ts";
import { FUNCTION_SESSION_KEY } from "../../core/credentials.ts";
import type { FunctionInvoker, TagSource } from "../../core/ports.ts";
import { defineService, type Service } from "../../core/service.ts";
import { createLambdaRuntime } from "../../runtime/lambda-runtime.ts";
import { roleLogAccess } from "../../runtime/log-access.ts";
import type { RuntimeOptions } from "../../runtime/runtime-host.ts";
import { lambdaAccess } from "./access.ts";
import { aliasOperations } from "./alias-operations.ts";
import { AsyncQueue } from "./async-queue.ts";
import { createCodeDownload } from "./code-download.ts";
import { concurrencyOperations } from "./concurrency-operations.ts";
import { eventInvokeOperations } from "./event-invoke-operations.ts";
import { requireExecutionRole } from "./execution-role.ts";
import { LambdaInvoker } from "./function-invoker.ts";
import { functionArn } from "./function-names.ts";
import { functionOperations } from "./function-operations.ts";
import { FunctionStore } from "./function-store.ts";
import { versionsOf } from "./function-target.ts";
import { invokeOperation } from "./invoke-operation.ts";
import type { LambdaDependencies, LambdaModule, LambdaOperations, LambdaState } from "./lambda-state.ts";
import { permissionOperations } from "./permission-operations.ts";
import { functionTags, tagOperations } from "./tag-operations.ts";
import { UpdateLock } from "./update-lock.ts";
import { updateOperations } from "./update-operations.ts";
import { versionOperations } from "./version-operations.ts";

/** What tests and benchmarks change. */
export interface LambdaOptions {
  /** Chooses between the versions of a weighted alias: 0 up to, not including, 1. */
  readonly random?: () => number;
  readonly runtime?: Partial<RuntimeOptions>;
}

/** Lambda, with the ports that it implements. */
export interface Lambda {
  readonly service: Service;
  readonly functions: FunctionInvoker;
  readonly tags: TagSource;
  /** The operations, typed, for callers in the same process. */
  readonly operations: LambdaOperations;
}

/** Makes Lambda: the control plane on the store, functions in child processes. */
export function createLambda(core: Core, dependencies: LambdaDependencies, options: LambdaOptions = {}): Lambda {
  const functions = new FunctionStore(core.store);
  const runtime = createLambdaRuntime(
    core,
    {
      logs: dependencies.logs,
      issueCredentials({ roleArn, functionName }, seconds) {
        const arn = functionArn(core, functionName);
        const role = requireExecutionRole(core, dependencies.roles, roleArn, arn);
        return core.credentials.issueSession(role, functionName, seconds, {
          sessionContext: { [FUNCTION_SESSION_KEY]: arn },
        });
      },
      logAccess: roleLogAccess(core),
    },
    options.runtime,
  );
  const state: LambdaState = { core, dependencies, functions, runtime, updates: new UpdateLock(functions) };
  // Code of functions that have been deleted or updated since local AWS was started last.
  runtime.keepCode(new Set(functions.all().flatMap((view) => versionsOf(view).map(({ code }) => code.sha256))));
  const invoker = new LambdaInvoker(state, options.random);
  const queue = new AsyncQueue(state, invoker);
  invoker.queue = queue;
  const download = createCodeDownload(core.store.blobs);

  const operations: LambdaOperations = {
    ...functionOperations(state, download),
    ...updateOperations(state),
    ...versionOperations(state),
    ...aliasOperations(state),
    ...permissionOperations(state),
    ...concurrencyOperations(state),
    ...eventInvokeOperations(state),
    ...tagOperations(state),
    Invoke: invokeOperation(invoker),
  };
  return {
    service: defineService<LambdaModule>({
      id: "lambda",
      signingNames: ["lambda"],
      load: () => import("@aws-sdk/client-lambda"),
      client: "LambdaClient",
      rest: "restJson1",
      operations,
      access: lambdaAccess(state),
      inventory: () =>
        functions
          .all()
          .flatMap((view) => [
            `AWS::Lambda::Function ${view.record.name}`,
            ...[...view.versions.keys()].map((version) => `AWS::Lambda::Version ${view.record.name}:${version}`),
            ...[...view.aliases.keys()].map((alias) => `AWS::Lambda::Alias ${view.record.name}:${alias}`),
          ]),
      async close() {
        queue.close();
        state.updates.close();
        download.close();
        await runtime.close();
      },
    }),
    functions: invoker,
    tags: functionTags(core, functions),
    operations,
  };
}
