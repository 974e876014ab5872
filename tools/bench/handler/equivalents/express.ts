// The items API as a team builds it on Express, with serverless-http.

import type { APIGatewayProxyEvent, Context } from "aws-lambda";
import express, { type NextFunction, type Request, type Response } from "express";
import serverless from "serverless-http";
import { config, cors, mostBodyBytes } from "./shared/config.ts";
import { assertAcceptsJson, assertMediaType, jsonTypes, patchTypes } from "./shared/media-types.ts";
import * as items from "./shared/operations.ts";
import { Problem } from "./shared/problem.ts";
import { allowOf, operations } from "./shared/routes.ts";
import { toProblem } from "./shared/to-problem.ts";
import { writeErrorLine, writeRequestLine } from "./shared/write-request-line.ts";

const app = express();
app.disable("x-powered-by");
// The API's entity tags are the items' versions.
app.set("etag", false);

app.use((req, res, next) => {
  const startedAt = performance.now();
  res.once("finish", () => {
    const path = req.route?.path.replace(/:(\w+)/, "{$1}") ?? "unmatched";
    const { event, context } = invocationOf(req);
    writeRequestLine({
      ...{ requestId: event.requestContext.requestId, operation: operations[path]?.[req.method] ?? "other" },
      ...{ method: req.method, path, status: res.statusCode, startedAt, functionVersion: context.functionVersion },
    });
  });
  next();
});
app.use((req, res, next) => {
  const origin = config.allowedOrigins.find((allowed) => allowed === "*" || allowed === req.get("Origin"));
  if (origin !== undefined) {
    res.set({
      "Access-Control-Allow-Origin": origin,
      "Access-Control-Expose-Headers": cors.exposeHeaders.join(", "),
      Vary: "Origin",
    });
  }
  if (req.method !== "OPTIONS") {
    next();
    return;
  }
  if (origin !== undefined) {
    res.set({
      "Access-Control-Allow-Methods": cors.allowMethods.join(", "),
      "Access-Control-Allow-Headers": cors.allowHeaders.join(", "),
      "Access-Control-Max-Age": String(cors.maxAge),
    });
  }
  res.status(204).end();
});
app.use((req, res, next) => {
  res.set({ "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff" });
  assertAcceptsJson(req.get("Accept"));
  next();
});

const json = (accepted: readonly string[]) => [
  (req: Request, _res: Response, next: NextFunction) => {
    assertMediaType(req.get("Content-Type"), accepted);
    next();
  },
  express.json({ limit: mostBodyBytes, strict: false, type: accepted }),
];

app.post("/items", ...json(jsonTypes), async (req, res) =>
  answer(res, await items.createItem(req.body, req.get("Idempotency-Key"))),
);
app.get("/items", async (req, res) => answer(res, await items.listItems(req.query)));
app.get("/items/:id", async (req, res) => answer(res, await items.getItem(idOf(req), req.get("If-None-Match"))));
app.put("/items/:id", ...json(jsonTypes), async (req, res) =>
  answer(res, await items.replaceItem(idOf(req), req.get("If-Match"), req.body)),
);
app.patch("/items/:id", ...json(patchTypes), async (req, res) =>
  answer(res, await items.patchItem(idOf(req), req.get("If-Match"), req.body)),
);
app.delete("/items/:id", async (req, res) => answer(res, await items.deleteItem(idOf(req), req.get("If-Match"))));
app.get("/health", async (_req, res) => answer(res, await items.health()));
app.get("/health/deep", async (_req, res) => answer(res, await items.deepHealth()));

for (const path of Object.keys(operations)) {
  app.all(path.replace("{id}", ":id"), () => {
    throw new Problem("method-not-allowed", `This path answers ${allowOf(path)}.`, {
      headers: { Allow: allowOf(path) },
    });
  });
}
app.use(() => {
  throw new Problem("not-found", "There is nothing at this path.");
});
app.use((error: unknown, req: Request, res: Response, _next: NextFunction) => {
  const problem = toProblem(fromBodyParser(error));
  if (problem.status >= 500) {
    writeErrorLine(problem.title, problem.cause);
  }
  const body = problem.toBody(req.path, invocationOf(req).event.requestContext.requestId);
  res
    .status(problem.status)
    .set({ ...problem.headers, "Content-Type": "application/problem+json" })
    .send(JSON.stringify(body));
});

/** The function's entry. */
export const handler = serverless(app);

function answer(res: Response, { status, headers = {}, body }: items.Answer): void {
  res.status(status).set(headers);
  if (body === undefined) {
    res.end();
  } else {
    res.json(body);
  }
}

function fromBodyParser(error: unknown): unknown {
  const type = error instanceof Error && "type" in error ? error.type : undefined;
  if (type === "entity.too.large") {
    return new Problem("body-too-large", `The body may have ${mostBodyBytes} bytes.`);
  }
  return type === "entity.parse.failed" ? new Problem("malformed-request", "The body is not JSON.") : error;
}

/** Express 5 gives a wildcard's parts as a list; ours are plain names. */
function idOf(req: Request): string {
  return String(req.params.id);
}

function invocationOf(req: Request): { event: APIGatewayProxyEvent; context: Context } {
  return (req as Request & { apiGateway: { event: APIGatewayProxyEvent; context: Context } }).apiGateway;
}
