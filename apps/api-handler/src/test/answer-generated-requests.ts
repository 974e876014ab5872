import {
  createAnswerCheck,
  Memory,
  type OpenApiDocument,
  type RequestRecipe,
  type WireAnswer,
  type WireRequest,
} from "@slipway/testing/openapi";
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import fc from "fast-check";
import { openApiDocument } from "../../contract/openapi-document.ts";
import { createHandler } from "../create-handler.ts";
import { createFakeItemStore } from "./create-fake-item-store.ts";
import { CURSOR_KEY } from "./cursor-key.ts";
import { ItemModel } from "./item-model.ts";
import { makeContext } from "./make-context.ts";
import { makeItem } from "./make-item.ts";
import { toProxyEvent } from "./to-proxy-event.ts";

/** Requests to one table. */
const BATCH = 200;
/** Items that a table starts with, and the client knows. */
const AT_FIRST = 10;

/** The contract that requests are made of and answers are held against. */
export const contract = openApiDocument() as unknown as OpenApiDocument;

export interface GeneratedRequests {
  requests: fc.Arbitrary<RequestRecipe>;
  /** How many, in full batches. */
  count: number;
  /** What becomes of an event before the handler gets it. */
  change?: (event: APIGatewayProxyEvent) => APIGatewayProxyEvent;
}

/**
 * Sends generated requests to a handler with a table in memory, one after the other, and holds every answer against the contract and
 * against what was answered before.
 *
 * @returns how often each status was answered
 * @throws {Error} with the request, its answer, what is wrong with it, and the seed to see it again
 */
export async function answerGeneratedRequests(generated: GeneratedRequests): Promise<Record<number, number>> {
  const statuses: Record<number, number> = {};
  const check = createAnswerCheck(contract);
  const batch = fc.array(generated.requests, { minLength: BATCH, maxLength: BATCH, size: "max" });
  const property = fc.asyncProperty(batch, async (recipes) => {
    const { handler, memory, model } = await start();
    for (const recipe of recipes) {
      const request = recipe(memory);
      const event = toProxyEvent(request);
      const answer = toAnswer(await handler(generated.change?.(event) ?? event, makeContext()));
      const wrong = [...check(request, answer), ...(generated.change ? [] : model.judge(request, answer))];
      if (wrong.length > 0) throw new Error(`${wrong.join("\n")}\n${show(request)}\n${show(answer)}`);
      memory.learn(request, answer);
      statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
    }
  });
  await fc.assert(property, {
    numRuns: generated.count / BATCH,
    endOnFailure: true,
    // Recipes are functions, which say nothing: the request that they made is in the error.
    reporter: ({ failed, seed, counterexamplePath, errorInstance }) => {
      if (failed) throw new Error(`seed ${seed}, path ${counterexamplePath}: ${String(errorInstance)}`);
    },
  });
  return statuses;
}

/** A handler whose clock goes on by a second with each request, and whose ids count; and a client that has looked around. */
async function start() {
  const present = Array.from({ length: AT_FIRST }, (_, index) => makeItem(index + 1));
  let seconds = Date.UTC(2026, 5, 1) / 1000;
  let count = AT_FIRST;
  const handler = createHandler({
    services: {
      store: createFakeItemStore(...present),
      now: () => new Date(++seconds * 1000),
      newId: () => makeItem(++count).id,
      cursorKey: CURSOR_KEY,
    },
    allowedOrigins: ["https://app.example.com"],
    log: () => {},
    write: () => {},
    env: {},
  });
  const memory = new Memory();
  for (const { id } of present) {
    const request: WireRequest = { method: "GET", path: `/items/${id}`, query: [], headers: [] };
    memory.learn(request, toAnswer(await handler(toProxyEvent(request), makeContext())));
  }
  return { handler, memory, model: new ItemModel(present) };
}

function toAnswer({ statusCode, headers = {}, body }: APIGatewayProxyResult): WireAnswer {
  const lowerCase = Object.entries(headers).map(([name, value]): [string, string] => [
    name.toLowerCase(),
    String(value),
  ]);
  return { status: statusCode, headers: new Map(lowerCase), body };
}

function show(one: WireRequest | WireAnswer): string {
  const text = JSON.stringify(one, (_, value: unknown) => (value instanceof Map ? Object.fromEntries(value) : value));
  return text.slice(0, 3_000);
}
