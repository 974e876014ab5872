import { readFileSync } from "node:fs";
import { Agent } from "node:http";
import { join } from "node:path";
import {
  contractRequests,
  createAnswerCheck,
  Memory,
  malformedRequests,
  type OpenApiDocument,
} from "@slipway/testing/openapi";
import fc from "fast-check";
import { expect } from "vitest";
import { repositoryRoot } from "../support/repository.ts";
import { asSent, sendWireRequest } from "./send-wire-request.ts";

/** Items that a client makes before it sends anything malformed. */
const AT_FIRST = 10;

/** Which requests are sent. */
export type Kind = "allowed" | "malformed";

/**
 * Sends generated requests to a stage, one after the other, and holds every answer against the published contract.
 *
 * @returns how often each status was answered
 */
export async function expectContractKept(url: string, kind: Kind, count: number): Promise<Record<number, number>> {
  const contract: OpenApiDocument = JSON.parse(readFileSync(join(repositoryRoot, "docs/api/openapi.json"), "utf8"));
  const seed = Math.floor(Math.random() * 2 ** 31);
  const check = createAnswerCheck(contract);
  const agent = new Agent({ keepAlive: true });
  const memory = new Memory();
  const statuses: Record<number, number> = {};
  for (let number = 1; number <= AT_FIRST; number++) {
    const headers = [["Content-Type", "application/json"]] as const;
    const body = JSON.stringify({ name: `item ${number}` });
    const request = { method: "POST", path: "/items", query: [], headers, body };
    memory.learn(request, await sendWireRequest(url, agent, request));
  }
  const requests = kind === "allowed" ? contractRequests(contract) : malformedRequests(contract);
  for (const recipe of fc.sample(requests, { numRuns: count, seed })) {
    const request = asSent(recipe(memory));
    const answer = await sendWireRequest(url, agent, request);
    const shown = { ...answer, headers: Object.fromEntries(answer.headers) };
    expect(
      check(request, answer),
      `seed ${seed}: ${JSON.stringify({ request, answer: shown }).slice(0, 3_000)}`,
    ).toEqual([]);
    memory.learn(request, answer);
    statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
  }
  agent.destroy();
  return statuses;
}
