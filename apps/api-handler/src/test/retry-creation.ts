import { setTimeout as sleep } from "node:timers/promises";
import type { WireAnswer } from "@slipway/testing/openapi";
import { createHttpClient } from "./http-client.ts";

const MAX_PAUSE_MS = 50;

export interface RetriedCreation {
  origin: string;
  /** How many clients ask at once. */
  clients: number;
  key: string;
  body: unknown;
  /** Share of tries whose connection is cut by the client. */
  hangUpRate: number;
  /** The latest moment of a cut. */
  hangUpWithinMs: number;
}

/** What came of it. */
export interface Retries {
  /** Requests that were begun. */
  tries: number;
  /** Those that ended without an answer. */
  dropped: number;
  /** Those that were told to come again: 503. */
  unavailable: number;
  /** The answer that each client has got in the end. */
  answers: WireAnswer[];
}

/** Lets clients ask for one creation under one key; whoever loses the connection, or is told to come again, asks again until answered. */
export async function retryCreation(options: RetriedCreation): Promise<Retries> {
  const { origin, clients, key, body, hangUpRate, hangUpWithinMs } = options;
  const retries: Retries = { tries: 0, dropped: 0, unavailable: 0, answers: [] };

  async function ask(): Promise<void> {
    using client = createHttpClient(origin);
    for (;;) {
      retries.tries += 1;
      const hangUpAfterMs = Math.random() < hangUpRate ? Math.random() * hangUpWithinMs : undefined;
      const headers = { "Idempotency-Key": key };
      const answer = await client.send({ method: "POST", path: "/items", headers, body, hangUpAfterMs });
      if (answer !== undefined && answer.status !== 503) {
        retries.answers.push(answer);
        return;
      }
      if (answer === undefined) retries.dropped += 1;
      else retries.unavailable += 1;
      await sleep(Math.random() * MAX_PAUSE_MS);
    }
  }
  await Promise.all(Array.from({ length: clients }, ask));
  return retries;
}
