import { setTimeout as wait } from "node:timers/promises";
import type { LocalAwsProcess } from "../support/local-aws-process.ts";
import type { GuideAccount } from "./deploy-guide-account.ts";

/** How many requests of each kind are sent. */
const CREATED = 6;
const READ = 5;
const MISSING = 1;
const CHANGED = 1;
const DENIED = 3;
const BROKEN = 7;

/** What was sent, and what has to be told of it. */
export const SENT = {
  invocations: CREATED + READ + MISSING + CHANGED + DENIED + BROKEN,
  /** Invocations that ended without an answer: those of the release that does not start. */
  errors: BROKEN,
  /** Lines that say ERROR: one of the handler for each request that it may not do, one of Lambda for each start that fails. */
  errorLines: DENIED + BROKEN,
  /** Transactions cost twice the units of a write; the change is a plain one. */
  writeUnits: CREATED * 2 + CHANGED,
  /** By the class of the status. */
  byClass: { "2xx": CREATED + READ + CHANGED, "4xx": MISSING, "5xx": DENIED + BROKEN },
} as const;

/** For longer than a cold start takes: metrics count an invocation where it was called, and its lines begin when it has started. */
const EDGE_MS = 5000;
const MINUTE_MS = 60_000;

async function untilAwayFromMinutesEnd(): Promise<void> {
  const left = MINUTE_MS - (Date.now() % MINUTE_MS);
  if (left <= EDGE_MS) {
    await wait(left + 10);
  }
}

/** Sends the requests one after the other, with a broken release in between, and waits until they are counted. */
export async function sendKnownTraffic(localAws: LocalAwsProcess, account: GuideAccount): Promise<void> {
  const url = `${localAws.stageUrl(account.apiId, "prod")}/items`;
  const send = async (method: string, path: string, status: number, body?: object, headers = {}): Promise<string> => {
    await untilAwayFromMinutesEnd();
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { "content-type": "application/json", ...headers },
      body: body && JSON.stringify(body),
    });
    const text = await answer.text();
    if (answer.status !== status) {
      throw new Error(`${method} /items${path} was answered ${answer.status} and not ${status}: ${text}`);
    }
    return text;
  };
  const times = async (count: number, work: () => Promise<unknown>): Promise<void> => {
    for (let number = 0; number < count; number++) {
      await work();
    }
  };
  const item = { name: "Test Item" };
  const create = async () => (JSON.parse(await send("POST", "", 201, item)) as { id: string }).id;

  const id = await create();
  await times(CREATED - 1, create);
  await times(READ, () => send("GET", `/${id}`, 200));
  await times(MISSING, () => send("GET", "/00000000-0000-4000-8000-000000000000", 404));
  // The first try is throttled; the SDK in the function tries again.
  const throttle = { kind: "throttle", service: "dynamodb", operation: "UpdateItem", remaining: 1 };
  await localAws.control("POST", "faults", throttle);
  const merge = { "content-type": "application/merge-patch+json", "if-match": "*" };
  await times(CHANGED, () => send("PATCH", `/${id}`, 200, { name: "Changed" }, merge));
  await times(DENIED, () => send("DELETE", `/${id}`, 500, undefined, { "if-match": "*" }));
  await account.releaseBroken();
  await times(BROKEN, () => send("POST", "", 502, item));
  await account.rollBack();
  // DynamoDB counts once a second, and the guide's periods end at a full second.
  do {
    await wait(1500);
  } while (new Date().getUTCSeconds() === 0);
}
