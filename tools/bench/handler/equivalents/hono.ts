// The items API as a team builds it on Hono, with its adapter for Lambda.

import type { APIGatewayProxyEvent, Context as LambdaContext } from "aws-lambda";
import { type Context, Hono } from "hono";
import { handle } from "hono/aws-lambda";
import { cors as corsMiddleware } from "hono/cors";
import { routePath } from "hono/route";
import { config, cors } from "./shared/config.ts";
import { assertAcceptsJson, assertMediaType, jsonTypes, patchTypes } from "./shared/media-types.ts";
import * as items from "./shared/operations.ts";
import { parseJson } from "./shared/parse-json.ts";
import { Problem } from "./shared/problem.ts";
import { allowOf, operations } from "./shared/routes.ts";
import { toProblem } from "./shared/to-problem.ts";
import { writeErrorLine, writeRequestLine } from "./shared/write-request-line.ts";

type Env = { Bindings: { event: APIGatewayProxyEvent; lambdaContext: LambdaContext } };

const app = new Hono<Env>();

app.use(async (c, next) => {
  const startedAt = performance.now();
  await next();
  const path = routePath(c, -1).replace(/:(\w+)/, "{$1}");
  const operation = operations[path]?.[c.req.method] ?? "other";
  writeRequestLine({
    ...{ requestId: requestIdOf(c), operation, method: c.req.method, path: path === "/*" ? "unmatched" : path },
    ...{ status: c.res.status, startedAt, functionVersion: c.env.lambdaContext.functionVersion },
  });
});
app.use(corsMiddleware({ ...cors, origin: config.allowedOrigins }));
app.use(async (c, next) => {
  c.header("Cache-Control", "no-store");
  c.header("X-Content-Type-Options", "nosniff");
  assertAcceptsJson(c.req.header("Accept"));
  await next();
});

app.post("/items", async (c) =>
  answer(c, await items.createItem(await bodyOf(c, jsonTypes), c.req.header("Idempotency-Key"))),
);
app.get("/items", async (c) => answer(c, await items.listItems(c.req.query())));
app.get("/items/:id", async (c) => answer(c, await items.getItem(c.req.param("id"), c.req.header("If-None-Match"))));
app.put("/items/:id", async (c) =>
  answer(c, await items.replaceItem(c.req.param("id"), c.req.header("If-Match"), await bodyOf(c, jsonTypes))),
);
app.patch("/items/:id", async (c) =>
  answer(c, await items.patchItem(c.req.param("id"), c.req.header("If-Match"), await bodyOf(c, patchTypes))),
);
app.delete("/items/:id", async (c) => answer(c, await items.deleteItem(c.req.param("id"), c.req.header("If-Match"))));
app.get("/health", async (c) => answer(c, await items.health()));
app.get("/health/deep", async (c) => answer(c, await items.deepHealth()));

for (const path of Object.keys(operations)) {
  app.all(path.replace("{id}", ":id"), () => {
    throw new Problem("method-not-allowed", `This path answers ${allowOf(path)}.`, {
      headers: { Allow: allowOf(path) },
    });
  });
}
app.notFound((c) => problem(c, new Problem("not-found", "There is nothing at this path.")));
app.onError((error, c) => {
  const found = toProblem(error);
  if (found.status >= 500) {
    writeErrorLine(found.title, found.cause);
  }
  return problem(c, found);
});

/** The function's entry. */
export const handler = handle(app);

async function bodyOf(c: Context<Env>, accepted: readonly string[]): Promise<unknown> {
  assertMediaType(c.req.header("Content-Type"), accepted);
  return parseJson(await c.req.text());
}

function answer(c: Context<Env>, { status, headers, body }: items.Answer): Response {
  return body === undefined
    ? c.body(null, status, headers)
    : c.body(JSON.stringify(body), status as 200, { ...headers, "Content-Type": "application/json" });
}

function problem(c: Context<Env>, found: Problem): Response {
  const body = JSON.stringify(found.toBody(c.req.path, requestIdOf(c)));
  return c.body(body, found.status as 400, { ...found.headers, "Content-Type": "application/problem+json" });
}

function requestIdOf(c: Context<Env>): string {
  return c.env.event.requestContext.requestId;
}
