import { contractRequests, malformedRequests } from "@slipway/testing/openapi";
import type { APIGatewayProxyEvent } from "aws-lambda";
import { describe, expect, it } from "vitest";
import { answerGeneratedRequests, contract } from "../src/test/answer-generated-requests.ts";

const COUNT = 10_000;

describe("every answer keeps the contract, and no status is 5xx", () => {
  it(`to ${COUNT} requests that the contract allows`, async () => {
    const statuses = await answerGeneratedRequests({ requests: contractRequests(contract), count: COUNT });

    expect(total(statuses)).toBe(COUNT);
    // That these were the requests that were meant: most of them did something.
    for (const status of [200, 201, 204, 304, 404, 412, 422]) expect(statuses[status], `${status}`).toBeGreaterThan(0);
    expect((statuses[200] ?? 0) + (statuses[201] ?? 0) + (statuses[204] ?? 0)).toBeGreaterThan(COUNT / 3);
  }, 60_000);

  it(`to ${COUNT} malformed requests`, async () => {
    const statuses = await answerGeneratedRequests({ requests: malformedRequests(contract), count: COUNT });

    expect(total(statuses)).toBe(COUNT);
    for (const status of [400, 404, 405, 406, 412, 413, 415, 428])
      expect(statuses[status], `${status}`).toBeGreaterThan(0);
  }, 60_000);

  it("to 2,000 events that lack what API Gateway always sends", async () => {
    const change = withHoles();
    await answerGeneratedRequests({ requests: contractRequests(contract), count: 2_000, change });
  }, 60_000);
});

/** Makes one field after the other null or leaves it out. */
function withHoles(): (event: APIGatewayProxyEvent) => APIGatewayProxyEvent {
  const fields: (keyof APIGatewayProxyEvent)[] = [
    "headers",
    "multiValueHeaders",
    "queryStringParameters",
    "multiValueQueryStringParameters",
    "requestContext",
    "body",
    "isBase64Encoded",
  ];
  let next = 0;
  return (event) => {
    const hole = fields[next++ % fields.length] ?? "body";
    const { [hole]: _, ...rest } = event;
    return (next % 2 === 0 ? rest : { ...rest, [hole]: null }) as APIGatewayProxyEvent;
  };
}

function total(statuses: Record<number, number>): number {
  return Object.values(statuses).reduce((sum, count) => sum + count, 0);
}
