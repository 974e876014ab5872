import type { Operation } from "../../core/service.ts";
import type { LambdaInvoker } from "./function-invoker.ts";
import { invalidMember, unsupported } from "./lambda-errors.ts";
import type { LambdaModule } from "./lambda-state.ts";

/** `Invoke`: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
export function invokeOperation(invoker: LambdaInvoker): Operation<LambdaModule, "Invoke"> {
  return async (input, context) => {
    const invocationType = input.InvocationType ?? "RequestResponse";
    if (invocationType !== "RequestResponse" && invocationType !== "Event" && invocationType !== "DryRun") {
      throw invalidMember(
        "invocationType",
        invocationType,
        "Member must satisfy enum value set: [Event, RequestResponse, DryRun]",
      );
    }
    if (input.DurableExecutionName !== undefined) {
      throw unsupported("durable executions (DurableExecutionName)");
    }
    if (input.TenantId !== undefined) {
      throw unsupported("tenant isolation (TenantId)");
    }
    const traceId = context.http.headers["x-amzn-trace-id"];
    const result = await invoker.invoke({
      functionName: input.FunctionName ?? "",
      ...(input.Qualifier === undefined ? {} : { qualifier: input.Qualifier }),
      payload: input.Payload ?? new Uint8Array(),
      invocationType,
      ...(input.ClientContext === undefined ? {} : { clientContext: input.ClientContext }),
      ...(traceId === undefined ? {} : { traceId }),
      requestId: context.requestId,
    });
    return {
      StatusCode: result.status,
      ...(invocationType === "RequestResponse" ? { ExecutedVersion: result.executedVersion } : {}),
      ...(result.functionError === undefined ? {} : { FunctionError: result.functionError }),
      ...(input.LogType === "Tail" && invocationType === "RequestResponse"
        ? { LogResult: Buffer.from(result.logTail).toString("base64") }
        : {}),
      Payload: result.payload,
    };
  };
}
