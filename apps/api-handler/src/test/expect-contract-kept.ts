import { contractRequests, malformedRequests } from "@slipway/testing/openapi";
import type { APIGatewayProxyEvent } from "aws-lambda";
import { expect } from "vitest";
import { answerGeneratedRequests, contract } from "./answer-generated-requests.ts";

/** To requests that the contract allows. */
export async function expectAllowedAnswered(count: number): Promise<void> {
  const statuses = await answerGeneratedRequests({ requests: contractRequests(contract), count });

  expect(total(statuses)).toBe(count);
  // That these were the requests that were meant: most of them did something.
  for (const status of [200, 201, 204, 304, 404, 412, 422]) expect(statuses[status], `${status}`).toBeGreaterThan(0);
  expect((statuses[200] ?? 0) + (statuses[201] ?? 0) + (statuses[204] ?? 0)).toBeGreaterThan(count / 3);
}

/** To requests that it does not. */
export async function expectMalformedRefused(count: number): Promise<void> {
  const statuses = await answerGeneratedRequests({ requests: malformedRequests(contract), count });

  expect(total(statuses)).toBe(count);
  for (const status of [400, 404, 405, 406, 412, 413, 415, 428])
    expect(statuses[status], `${status}`).toBeGreaterThan(0);
}

/** To events that lack what API Gateway always sends. */
export async function expectHolesSurvived(count: number): Promise<void> {
  await answerGeneratedRequests({ requests: contractRequests(contract), count, change: withHoles() });
}

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
