import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";

/** What came of the requests that were sent. */
export interface TrafficReport {
  readonly requests: number;
  /** Each request that was not answered as it must be: what was asked, and what came. */
  readonly failures: readonly string[];
  /** Answers by the release that gave them (the header `x-release`). */
  readonly byRelease: Readonly<Record<string, number>>;
}

/** Requests that go on until they are stopped. */
export interface LiveTraffic {
  readonly sent: number;
  /** Waits until at least so many have been sent. */
  atLeast(requests: number): Promise<void>;
  stop(): Promise<TrafficReport>;
}

/**
 * Sends requests to the lab's API as its users would, several at a time and each once: orders are made, looked at and deleted, and the
 * stock is asked for in between.
 *
 * @param clients how many users there are
 * @param pauseMs of each between two requests
 */
export function liveTraffic(apiUrl: string, { clients = 4, pauseMs = 5 } = {}): LiveTraffic {
  const failures: string[] = [];
  const byRelease: Record<string, number> = {};
  let requests = 0;
  let isOver = false;

  const ask = async (method: string, path: string, expected: number, body?: object): Promise<unknown> => {
    requests += 1;
    const id = randomUUID().slice(0, 8);
    try {
      const response = await fetch(`${apiUrl}${path}`, {
        method,
        headers: { "content-type": "application/json" },
        body: body === undefined ? undefined : JSON.stringify(body),
        signal: AbortSignal.timeout(30_000),
      });
      const release = response.headers.get("x-release") ?? "nobody";
      byRelease[release] = (byRelease[release] ?? 0) + 1;
      const text = await response.text();
      if (response.status !== expected) {
        failures.push(
          `${id} ${method} ${path}: ${response.status}, not ${expected} (${release}): ${text.slice(0, 200)}`,
        );
        return undefined;
      }
      return text === "" ? {} : JSON.parse(text);
    } catch (error) {
      failures.push(`${id} ${method} ${path}: ${String(error)} ${String((error as Error).cause ?? "")}`);
      return undefined;
    }
  };

  const user = async () => {
    while (!isOver) {
      await ask("GET", "/stock", 200);
      const order = (await ask("POST", "/orders", 201, { what: "a hammer" })) as { id?: string } | undefined;
      if (order?.id !== undefined) {
        await ask("GET", `/orders/${order.id}`, 200);
        await ask("DELETE", `/orders/${order.id}`, 204);
        await ask("GET", `/orders/${order.id}`, 404);
      }
      await wait(pauseMs);
    }
  };

  const users = Array.from({ length: clients }, user);
  return {
    get sent() {
      return requests;
    },
    async atLeast(wanted) {
      while (requests < wanted && !isOver) {
        await wait(20);
      }
    },
    async stop() {
      isOver = true;
      await Promise.all(users);
      return { requests, failures, byRelease };
    },
  };
}
