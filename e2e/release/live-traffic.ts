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

/** Asks once. @returns the answer's body; undefined where it was not answered with the expected status */
type Ask = (
  method: string,
  path: string,
  expected: number,
  body?: object,
  headers?: Readonly<Record<string, string>>,
) => Promise<unknown>;

/** How many users there are, and how long each waits between two turns. */
export interface Users {
  readonly clients: number;
  readonly pauseMs: number;
}

/**
 * Sends requests to the lab's API as its users would, several at a time and each once: orders are made, looked at and deleted, and the
 * stock is asked for in between.
 */
export function liveTraffic(apiUrl: string, users: Partial<Users> = {}): LiveTraffic {
  return trafficOf(apiUrl, { clients: 4, pauseMs: 5, ...users }, async (ask) => {
    await ask("GET", "/stock", 200);
    const order = (await ask("POST", "/orders", 201, { what: "a hammer" })) as { id?: string } | undefined;
    if (order?.id !== undefined) {
      await ask("GET", `/orders/${order.id}`, 200);
      await ask("DELETE", `/orders/${order.id}`, 204);
      await ask("GET", `/orders/${order.id}`, 404);
    }
  });
}

/** Lets every user take turns until it is stopped. */
export function trafficOf(apiUrl: string, { clients, pauseMs }: Users, turn: (ask: Ask) => Promise<void>): LiveTraffic {
  const failures: string[] = [];
  const byRelease: Record<string, number> = {};
  let requests = 0;
  let isOver = false;

  const ask: Ask = async (method, path, expected, body, headers = {}) => {
    requests += 1;
    const what = `${method} ${path}`;
    try {
      const response = await fetch(`${apiUrl}${path}`, {
        method,
        headers: { "content-type": "application/json", ...headers },
        body: body === undefined ? undefined : JSON.stringify(body),
        redirect: "manual",
        signal: AbortSignal.timeout(30_000),
      });
      const release = response.headers.get("x-release") ?? "unknown";
      byRelease[release] = (byRelease[release] ?? 0) + 1;
      const text = await response.text();
      if (response.status !== expected) {
        failures.push(`${what}: ${response.status}, not ${expected} (${release}): ${text.slice(0, 200)}`);
        return undefined;
      }
      return text === "" ? {} : JSON.parse(text);
    } catch (error) {
      failures.push(`${what}: ${String(error)} ${String((error as Error).cause ?? "")}`);
      return undefined;
    }
  };

  const users = Array.from({ length: clients }, async () => {
    while (!isOver) {
      await turn(ask);
      await wait(pauseMs);
    }
  });
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
