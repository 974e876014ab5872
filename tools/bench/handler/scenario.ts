import { isDeepStrictEqual } from "node:util";
import type { APIGatewayProxyResult } from "aws-lambda";
import { allowedOrigin } from "./lambda-process.ts";
import { type ApiCall, makeEvent } from "./make-event.ts";

/** What an answer must say; members of a body that are not named are not looked at. */
interface Expected {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | RegExp>>;
  readonly body?: Readonly<Record<string, unknown>>;
  /** Problem details that name these places, in any order; but for 400, where they say what to correct, they need not name any. */
  readonly problemAt?: readonly string[];
}

/** An answer as a client reads it. */
interface Answer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Readonly<Record<string, unknown>>;
}

const noItem = "/items/99999999-9999-4999-8999-999999999999";
const content = { name: "Garden chair", attributes: { colour: "green", weightKg: 4.5, foldable: true } };

/**
 * Sends an API a life of its items and the mistakes that clients make, one request after the other.
 *
 * @param send - gives the API's answer to a call; its table must be empty
 * @returns what an answer said that the API's contract does not, a line each; none when all is well
 */
export async function runScenario(send: (call: ApiCall) => Promise<APIGatewayProxyResult>): Promise<string[]> {
  const findings: string[] = [];
  const ask = async (name: string, call: ApiCall, expected: Expected): Promise<Answer> => {
    const answer = readAnswer(await send(call));
    findings.push(...differences(answer, expected, call).map((difference) => `${name}: ${difference}`));
    return answer;
  };
  const json = { "content-type": /^application\/json/ };

  await ask("health", get("/health"), { status: 200, headers: json, body: { status: "ok" } });
  await ask("deep health", get("/health/deep"), { status: 200, headers: json });

  const created = await ask("create", post(content), {
    ...{ status: 201, headers: { ...json, etag: '"1"' }, body: { ...content, status: "active", version: 1 } },
  });
  const item = `/items/${created.body.id}`;
  await ask("its location", get(`/items/${created.headers.get("location")?.split("/").at(-1)}`), {
    ...{ status: 200, body: { id: created.body.id } },
  });
  await ask("read", get(item), { status: 200, headers: { ...json, etag: '"1"' }, body: created.body });
  await ask("read what is known", get(item, { "If-None-Match": '"1"' }), { status: 304 });

  await ask("create another", post({ name: "Garden table" }), { status: 201, body: { name: "Garden table" } });
  const byAge = { status: "active", order: "oldest", limit: "1" };
  const page = await ask("list", { ...get("/items"), query: byAge }, { status: 200, body: { items: [created.body] } });
  const cursor = String(page.body.nextCursor);
  const rest = await ask("next page", { ...get("/items"), query: { ...byAge, cursor } }, { status: 200 });
  const names = ((rest.body.items ?? []) as { name?: string }[]).map(({ name }) => name);
  if (!isDeepStrictEqual(names, ["Garden table"])) {
    findings.push(`next page: has ${JSON.stringify(names)}`);
  }
  const otherList = { ...byAge, order: "newest", cursor };
  await ask("cursor of another list", { ...get("/items"), query: otherList }, { status: 400, problemAt: ["cursor"] });
  const forged = `${cursor.startsWith("A") ? "B" : "A"}${cursor.slice(1)}`;
  const forgery = { ...byAge, cursor: forged };
  await ask("forged cursor", { ...get("/items"), query: forgery }, { status: 400, problemAt: ["cursor"] });
  await ask("limit of none", { ...get("/items"), query: { limit: "0" } }, { status: 400, problemAt: ["limit"] });

  const replacement = { name: "Garden bench", status: "inactive" };
  const put = { method: "PUT", path: item, body: replacement };
  await ask("replace blindly", put, { status: 428, problemAt: ["If-Match"] });
  const replaced = await ask("replace", onVersion(put, '"1"'), {
    ...{ status: 200, headers: { etag: '"2"' }, body: { id: created.body.id, ...replacement, version: 2 } },
  });
  if ("attributes" in replaced.body) {
    findings.push("replace: kept what the body left out");
  }
  await ask("replace again", onVersion(put, '"1"'), { status: 412, problemAt: ["If-Match"] });
  const patch = { method: "PATCH", path: item, body: { description: "Of oak", attributes: { seats: 3 } } };
  await ask("patch", onVersion(patch, '"2"'), { status: 200, body: { ...replacement, ...patch.body, version: 3 } });
  await ask("patch to nothing", onVersion({ ...patch, body: { name: null } }, "*"), {
    ...{ status: 400, problemAt: ["#/name"] },
  });

  const wrong = { name: "", colour: "green", attributes: { Colour: "green" } };
  await ask("create wrongly", post(wrong), {
    ...{ status: 400, problemAt: ["#/name", "#/colour", "#/attributes/Colour"] },
  });
  await ask("create of no JSON", post('{"name":'), { status: 400, problemAt: [] });
  const plain = { ...post("name"), headers: { "Content-Type": "text/plain" } };
  await ask("create of text", plain, { status: 415, problemAt: ["Content-Type"] });
  await ask("read as HTML", get(item, { Accept: "text/html" }), { status: 406, problemAt: ["Accept"] });

  const key = { "Idempotency-Key": "order-1" };
  const once = await ask("create once", { ...post(content), headers: key }, { status: 201 });
  await ask(
    "create once, again",
    { ...post(content), headers: key },
    {
      ...{ status: 201, headers: { "idempotent-replayed": "true", etag: '"1"' }, body: once.body },
    },
  );
  await ask(
    "same key, other body",
    { ...post({ name: "Parasol" }), headers: key },
    {
      ...{ status: 422, problemAt: ["Idempotency-Key"] },
    },
  );

  await ask("no such item", get(noItem), { status: 404, problemAt: [] });
  await ask("no such path", get("/orders"), { status: 404, problemAt: [] });
  await ask(
    "no such method",
    { method: "DELETE", path: "/items" },
    {
      ...{ status: 405, headers: { allow: /POST.*GET|GET.*POST/ }, problemAt: [] },
    },
  );
  const preflight = { Origin: allowedOrigin, "Access-Control-Request-Method": "PUT" };
  await ask(
    "preflight",
    { method: "OPTIONS", path: item, headers: preflight },
    {
      ...{
        status: 204,
        headers: { "access-control-allow-origin": allowedOrigin, "access-control-allow-methods": /PUT/ },
      },
    },
  );

  await ask("delete", onVersion({ method: "DELETE", path: item }, '"3"'), { status: 204 });
  await ask("read what is gone", get(item), { status: 404, problemAt: [] });
  await ask("delete what is gone", onVersion({ method: "DELETE", path: item }, "*"), { status: 404, problemAt: [] });
  return findings;
}

function get(path: string, headers: Readonly<Record<string, string>> = {}): ApiCall {
  return { method: "GET", path, headers };
}

function post(body: unknown): ApiCall {
  return { method: "POST", path: "/items", body };
}

function onVersion(call: ApiCall, etag: string): ApiCall {
  return { ...call, headers: { "If-Match": etag } };
}

/** API Gateway joins both kinds of headers; their names are the same in any case. */
function readAnswer({ statusCode, headers = {}, multiValueHeaders = {}, body }: APIGatewayProxyResult): Answer {
  const lists = Object.entries(multiValueHeaders).map(([name, values]) => [name, values?.join(", ")] as const);
  const all = [...Object.entries(headers), ...lists].map(
    ([name, value]) => [name.toLowerCase(), String(value)] as const,
  );
  return { status: statusCode, headers: new Map(all), body: body === "" ? {} : JSON.parse(body) };
}

function differences(
  answer: Answer,
  { status, headers = {}, body = {}, problemAt }: Expected,
  call: ApiCall,
): string[] {
  if (answer.status !== status) {
    return [`answered ${answer.status}, not ${status}: ${JSON.stringify(answer.body)}`];
  }
  const found: string[] = [];
  for (const [name, expected] of Object.entries(headers)) {
    const value = answer.headers.get(name);
    if (value === undefined || (expected instanceof RegExp ? !expected.test(value) : value !== expected)) {
      found.push(`has the header ${name}: ${value}, not ${expected}`);
    }
  }
  for (const [name, expected] of Object.entries(body)) {
    if (!isDeepStrictEqual(answer.body[name], expected)) {
      found.push(`has the ${name} ${JSON.stringify(answer.body[name])}, not ${JSON.stringify(expected)}`);
    }
  }
  return problemAt === undefined ? found : [...found, ...problemDifferences(answer, problemAt, call)];
}

function problemDifferences({ status, headers, body }: Answer, places: readonly string[], call: ApiCall): string[] {
  const errors = (body.errors ?? []) as Readonly<Record<string, string>>[];
  const named = errors.map(({ pointer, parameter, header }) => pointer ?? parameter ?? header);
  const { requestId } = makeEvent(call).requestContext;
  const parts: [name: string, isRight: boolean][] = [
    ["content type", /^application\/problem\+json/.test(headers.get("content-type") ?? "")],
    ["type", /^urn:items-api:problem:[a-z-]+$/.test(String(body.type))],
    ["status", body.status === status],
    ["title and detail", typeof body.title === "string" && typeof body.detail === "string"],
    ["instance", body.instance === call.path],
    ["requestId", body.requestId === requestId],
    ["errors", (status !== 400 && named.length === 0) || isDeepStrictEqual(new Set(named), new Set(places))],
  ];
  return parts.filter(([, isRight]) => !isRight).map(([name]) => `has a wrong ${name}: ${JSON.stringify(body)}`);
}
