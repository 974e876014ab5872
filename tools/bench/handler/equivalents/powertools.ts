// The items API as a team builds it on Powertools for AWS Lambda: its router, logger and metrics.

import { HttpStatusCodes, Router } from "@aws-lambda-powertools/event-handler/http";
import { cors as corsMiddleware } from "@aws-lambda-powertools/event-handler/http/middleware";
import type { RequestContext } from "@aws-lambda-powertools/event-handler/types";
import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import type { APIGatewayProxyEvent, Context } from "aws-lambda";
import { config, cors } from "./shared/config.ts";
import { assertAcceptsJson, assertMediaType, jsonTypes, patchTypes } from "./shared/media-types.ts";
import * as items from "./shared/operations.ts";
import { parseJson } from "./shared/parse-json.ts";
import { Problem } from "./shared/problem.ts";
import { allowOf, operations } from "./shared/routes.ts";
import { toProblem } from "./shared/to-problem.ts";

const logger = new Logger({ serviceName: "items-api" });
const metrics = new Metrics({ namespace: "ItemsApi", serviceName: "items-api" });
const app = new Router({ logger });
let coldStart = true;

app.use(async ({ reqCtx, next }) => {
  const startedAt = performance.now();
  let status = 500;
  try {
    await next();
    status = reqCtx.res.status;
  } catch (error) {
    status = toProblem(error).status;
    throw error;
  } finally {
    record(reqCtx, status, performance.now() - startedAt);
  }
});
app.use(corsMiddleware({ ...cors, origin: config.allowedOrigins }));
app.use(async ({ reqCtx: { req, res }, next }) => {
  res.headers.set("Cache-Control", "no-store");
  res.headers.set("X-Content-Type-Options", "nosniff");
  assertAcceptsJson(req.headers.get("Accept") ?? undefined);
  await next();
});

app.post("/items", async ({ req }) =>
  toResponse(await items.createItem(await bodyOf(req, jsonTypes), req.headers.get("Idempotency-Key") ?? undefined)),
);
app.get("/items", async ({ req }) =>
  toResponse(await items.listItems(Object.fromEntries(new URL(req.url).searchParams))),
);
app.get("/items/:id", async ({ req, params: { id = "" } }) =>
  toResponse(await items.getItem(id, req.headers.get("If-None-Match") ?? undefined)),
);
app.put("/items/:id", async ({ req, params: { id = "" } }) =>
  toResponse(await items.replaceItem(id, ifMatchOf(req), await bodyOf(req, jsonTypes))),
);
app.patch("/items/:id", async ({ req, params: { id = "" } }) =>
  toResponse(await items.patchItem(id, ifMatchOf(req), await bodyOf(req, patchTypes))),
);
app.delete("/items/:id", async ({ req, params: { id = "" } }) =>
  toResponse(await items.deleteItem(id, ifMatchOf(req))),
);
app.get("/health", async () => toResponse(await items.health()));
app.get("/health/deep", async () => toResponse(await items.deepHealth()));

// The router answers another method of a known path with 404 by itself.
for (const [path, methods] of Object.entries(operations)) {
  const others = (["GET", "POST", "PUT", "PATCH", "DELETE"] as const).filter((method) => !(method in methods));
  app.route(
    async () => {
      throw new Problem("method-not-allowed", `This path answers ${allowOf(path)}.`, {
        headers: { Allow: allowOf(path) },
      });
    },
    { method: others, path: path.replace("{id}", ":id") as `/${string}` },
  );
  app.options(
    path.replace("{id}", ":id") as `/${string}`,
    async () => new Response(null, { status: HttpStatusCodes.NO_CONTENT, headers: { Allow: allowOf(path) } }),
  );
}
app.notFound(async (_error, reqCtx) =>
  problemResponse(new Problem("not-found", "There is nothing at this path."), reqCtx),
);
app.errorHandler(Error, async (error, reqCtx) => {
  const problem = toProblem(error);
  if (problem.status >= 500) {
    logger.error(problem.title, { error: problem.cause as Error });
  }
  return problemResponse(problem, reqCtx);
});

/** The function's entry. */
export async function handler(event: APIGatewayProxyEvent, context: Context) {
  logger.addContext(context);
  return app.resolve(event, context);
}

async function bodyOf(req: Request, accepted: readonly string[]): Promise<unknown> {
  assertMediaType(req.headers.get("Content-Type") ?? undefined, accepted);
  return parseJson(await req.text());
}

function ifMatchOf(req: Request): string | undefined {
  return req.headers.get("If-Match") ?? undefined;
}

function toResponse({ status, headers, body }: items.Answer): Response {
  return body === undefined ? new Response(null, { status, headers }) : Response.json(body, { status, headers });
}

function problemResponse(problem: Problem, { req, event, context }: RequestContext): Response {
  const requestId = (event as APIGatewayProxyEvent).requestContext.requestId ?? context.awsRequestId;
  const body = problem.toBody(new URL(req.url).pathname, requestId);
  const headers = { ...problem.headers, "Content-Type": "application/problem+json" };
  return new Response(JSON.stringify(body), { status: problem.status, headers });
}

function record({ req, event, context, route }: RequestContext, status: number, durationMs: number): void {
  const path = route?.replace(/^\w+ /, "").replace(/:(\w+)/, "{$1}") ?? "unmatched";
  const operation = operations[path]?.[req.method] ?? "other";
  const { requestId } = (event as APIGatewayProxyEvent).requestContext;
  const { functionVersion } = context;
  logger.info("request", {
    ...{ requestId, operation, method: req.method, path, status },
    ...{ durationMs: Math.round(durationMs * 100) / 100, functionVersion, coldStart },
  });
  metrics.addDimensions({ operation });
  metrics.addDimensions({ functionVersion });
  metrics.addMetric("requests", MetricUnit.Count, 1);
  metrics.addMetric("faults", MetricUnit.Count, status >= 500 ? 1 : 0);
  metrics.addMetric("throttles", MetricUnit.Count, status === 503 ? 1 : 0);
  metrics.addMetric("latency", MetricUnit.Milliseconds, durationMs);
  metrics.addMetric("coldStarts", MetricUnit.Count, coldStart ? 1 : 0);
  metrics.publishStoredMetrics();
  coldStart = false;
}
