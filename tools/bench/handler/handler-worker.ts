// One side in a process of its own: answers events that it is sent, and measures the processor time of many.
//
//     node handler-worker.ts BUNDLE

import { createRequire } from "node:module";
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import type { WorkerRequest } from "./handler-process.ts";
import { lambdaContext } from "./lambda-context.ts";
import { makeEvent } from "./make-event.ts";
import { requestMix } from "./request-mix.ts";

type Handler = (event: APIGatewayProxyEvent, context: object) => Promise<APIGatewayProxyResult>;

const { handler }: { handler: Handler } = createRequire(import.meta.url)(process.argv[2] ?? "");
const context = { ...lambdaContext, getRemainingTimeInMillis: () => 10_000 };

process.on("message", (request: WorkerRequest) => {
  const work = "call" in request ? handler(makeEvent(request.call), context) : measure(request.measure);
  work.then(
    (value) => process.send?.({ value }),
    (error: unknown) => process.send?.({ error: error instanceof Error ? error.stack : String(error) }),
  );
});
process.on("disconnect", () => process.exit(0));

/** Processor time of one request, in microseconds, of all threads of this process. */
async function measure(requests: number): Promise<number> {
  // What calls the handler is not the handler: the events are there before.
  const calls = requestMix(requests);
  const events = calls.map((call, number) => makeEvent(call, number));
  const before = process.cpuUsage();
  for (const [number, event] of events.entries()) {
    const { statusCode, body } = await handler(event, context);
    if (statusCode !== calls[number]?.status) {
      throw new Error(`${event.httpMethod} ${event.path} was answered ${statusCode}: ${body}`);
    }
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / requests;
}
