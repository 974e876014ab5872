import { describe, expect, it } from "vitest";
import type { FunctionAnswer, FunctionInvoker } from "../ports/function-invoker.ts";
import { ReleaseError } from "../release-error.ts";
import { VERSION_URL, versionHttpClient } from "./version-http-client.ts";

const target = { functionName: "orders-prod", version: "7", stage: "prod", resources: ["/orders", "/orders/{id}"] };

function clientWith(answer: FunctionAnswer | ReleaseError, authorizer?: Record<string, string>) {
  const invoked: Parameters<FunctionInvoker["invoke"]>[0][] = [];
  const invoker: FunctionInvoker = {
    async invoke(request) {
      invoked.push(request);
      if (answer instanceof Error) {
        throw answer;
      }
      return answer;
    },
  };
  const clock = { now: () => 1_764_331_200_000 };
  const http = versionHttpClient(invoker, { ...target, ...(authorizer === undefined ? {} : { authorizer }) }, clock);
  const send = (method: string, path: string, headers: Record<string, string> = {}, body?: string) =>
    http.send({
      method,
      url: `${VERSION_URL}${path}`,
      headers,
      timeoutMs: 1_000,
      ...(body === undefined ? {} : { body }),
    });
  return { send, invoked, event: () => JSON.parse(invoked[0]?.payload ?? "") };
}

const answered = (answer: object): FunctionAnswer => ({ payload: JSON.stringify(answer) });

describe("versionHttpClient", () => {
  it("asks exactly that version, with the event of a proxy integration", async () => {
    const { send, invoked, event } = clientWith(answered({ statusCode: 200 }), { principalId: "smoke" });

    await send("PUT", "/orders/a%2Fb?tag=x&tag=y%20z", { "If-Match": '"1"' }, '{"note":"n"}');

    expect(invoked[0]).toMatchObject({ functionName: "orders-prod", version: "7", timeoutMs: 1_000 });
    expect(event()).toMatchObject({
      resource: "/orders/{id}",
      path: "/orders/a%2Fb",
      httpMethod: "PUT",
      headers: { "If-Match": '"1"', Host: "version.invalid" },
      multiValueHeaders: { "If-Match": ['"1"'] },
      queryStringParameters: { tag: "y z" },
      multiValueQueryStringParameters: { tag: ["x", "y z"] },
      pathParameters: { id: "a%2Fb" },
      stageVariables: null,
      requestContext: { stage: "prod", path: "/prod/orders/a%2Fb", authorizer: { principalId: "smoke" } },
      body: '{"note":"n"}',
      isBase64Encoded: false,
    });
  });

  it("has null for what the request does not have", async () => {
    const { send, event } = clientWith(answered({ statusCode: 200 }));

    await send("GET", "/orders");

    expect(event()).toMatchObject({ queryStringParameters: null, pathParameters: null, body: null });
    expect(event().requestContext).not.toHaveProperty("authorizer");
  });

  it("turns the answer into a response: names in lower case, several values joined, base64 decoded", async () => {
    const { send } = clientWith(
      answered({
        statusCode: "201",
        headers: { ETag: '"1"', Vary: "Origin" },
        multiValueHeaders: { vary: ["Origin", "Accept"] },
        body: Buffer.from("grün").toString("base64"),
        isBase64Encoded: true,
      }),
    );

    expect(await send("POST", "/orders")).toEqual({
      status: 201,
      headers: { etag: '"1"', vary: "Origin, Accept" },
      body: "grün",
    });
  });

  it.each([
    [
      "an error",
      { payload: '{"errorMessage":"boom"}', functionError: "Unhandled" },
      /the function failed \(Unhandled\).*boom/,
    ],
    ["no status", answered({ body: "x" }), /no answer of a proxy integration/],
    ["a status that is none", answered({ statusCode: 0 }), /no answer of a proxy integration/],
    ["a list", { payload: "[]" }, /no answer of a proxy integration/],
    ["no JSON", { payload: "nothing" }, /no answer of a proxy integration/],
    ["a body that is no text", answered({ statusCode: 200, body: { a: 1 } }), /is no text/],
  ])("answers 502 to %s, as the gateway does, and says why", async (_, answer, body) => {
    const { send } = clientWith(answer);

    expect(await send("GET", "/orders")).toMatchObject({ status: 502, body: expect.stringMatching(body) });
  });

  it("lets the invoker's own error through: nobody knows what the function would have said", async () => {
    const failure = new ReleaseError({ kind: "unreachable", what: "a", why: "b", next: "c" });

    await expect(clientWith(failure).send("GET", "/orders")).rejects.toBe(failure);
  });
});
