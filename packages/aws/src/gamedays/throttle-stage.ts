import { type APIGatewayClient, GetStageCommand, UpdateStageCommand } from "@aws-sdk/client-api-gateway";
import { awsCall } from "../aws-call.ts";

/**
 * Sets how many requests a second the stage of an API takes, of all methods. Only for a local AWS of a rehearsal's own.
 *
 * @returns what sets it back to what it was
 * @throws {ReleaseError} what AWS has answered
 */
export async function throttleStage(
  gateway: APIGatewayClient,
  { restApiId, stageName }: { readonly restApiId: string; readonly stageName: string },
  { rate, burst }: { readonly rate: number; readonly burst: number },
  signal?: AbortSignal,
): Promise<() => Promise<void>> {
  const subject = `${restApiId}/${stageName}`;
  const { methodSettings = {} } = await awsCall("apigateway:GetStage", subject, signal, (options) =>
    gateway.send(new GetStageCommand({ restApiId, stageName }), options),
  );
  const before = methodSettings["*/*"];
  const set = (to: { readonly rate: number; readonly burst: number }, of: AbortSignal | undefined) =>
    awsCall("apigateway:UpdateStage", subject, of, (options) =>
      gateway.send(
        new UpdateStageCommand({
          ...{ restApiId, stageName },
          patchOperations: [
            { op: "replace", path: "/*/*/throttling/rateLimit", value: String(to.rate) },
            { op: "replace", path: "/*/*/throttling/burstLimit", value: String(to.burst) },
          ],
        }),
        options,
      ),
    );
  await set({ rate, burst }, signal);
  return async () => {
    await set({ rate: before?.throttlingRateLimit ?? -1, burst: before?.throttlingBurstLimit ?? -1 }, undefined);
  };
}
