import assert from "node:assert/strict";
import { test } from "node:test";
import manage from "../dist/manage/index.cjs";
import redirect from "../dist/redirect/index.cjs";

const post = (body) => manage.handler({ httpMethod: "POST", path: "/links", pathParameters: null, body });

test("a link needs an address of the web", async () => {
  for (const body of ["", "[]", "{", '{"url":"javascript:alert(1)"}', '{"url":"nowhere"}']) {
    const { statusCode } = await post(body);
    assert.equal(statusCode, 400, body);
  }
});

test("no link takes a path of the API", async () => {
  const { statusCode, body } = await post('{"url":"https://example.com","slug":"health"}');
  assert.equal(statusCode, 400);
  assert.match(body, /not a path of the API/);
});

test("the root is asked with POST only", async () => {
  const { statusCode } = await manage.handler({ httpMethod: "PUT", path: "/links", pathParameters: null });
  assert.equal(statusCode, 405);
});

test("health does not ask the table", async () => {
  const { statusCode } = await redirect.handler({ path: "/health", pathParameters: null });
  assert.equal(statusCode, 200);
});
