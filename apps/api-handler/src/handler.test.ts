import { expect, it, vi } from "vitest";
import { makeContext } from "./test/make-context.ts";
import { makeEvent } from "./test/make-event.ts";
import { startItemsTable } from "./test/start-items-table.ts";

it("wires the table, the CORS list and the log from the environment", async () => {
  await using table = await startItemsTable();
  const env = { ...table.env, CORS_ALLOW_ORIGIN: "https://app.example.com", LOG_LEVEL: "info" };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const stdout = vi.spyOn(process.stdout, "write").mockReturnValue(true);

  const { handler } = await import("./handler.ts");
  const headers = { Origin: "https://app.example.com" };
  const created = await handler(makeEvent("POST", "/items", { headers, body: { name: "a" } }), makeContext());
  const { id } = JSON.parse(created.body);
  const read = await handler(makeEvent("GET", `/items/${id}`), makeContext());
  const lines = stdout.mock.calls.map(([line]) => JSON.parse(String(line)));
  vi.restoreAllMocks();
  vi.unstubAllEnvs();

  expect(created).toMatchObject({
    statusCode: 201,
    headers: { "Access-Control-Allow-Origin": "https://app.example.com" },
  });
  expect(id).toMatch(/^[\da-f-]{36}$/);
  expect(JSON.parse(read.body)).toEqual(JSON.parse(created.body));
  expect(lines).toMatchObject([
    { operation: "createItem", coldStart: true },
    { operation: "getItem", coldStart: false },
  ]);
});
