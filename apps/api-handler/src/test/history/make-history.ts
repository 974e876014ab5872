import { setTimeout as sleep } from "node:timers/promises";
import type { WireAnswer } from "@slipway/testing/openapi";
import { createHttpClient, type HttpClient } from "../http-client.ts";
import { type Creation, History, type Outcome } from "./history.ts";

const MAX_PAUSE_MS = 60;
const HANG_UP_RATE = 0.1;
const HANG_UP_WITHIN_MS = 100;

export interface HistoryOptions {
  origin: string;
  clients: number;
  /** How many things each client does. */
  steps: number;
}

/**
 * Lets clients create, read, replace, patch and delete items, each other's, too, with what they know; some hang up in mid-request. A
 * creation with a key is tried under it until it is answered, or given up after a few tries.
 */
export async function makeHistory({ origin, clients, steps }: HistoryOptions): Promise<History> {
  const history = new History();
  // What clients know of items: the newest version that any of them has been shown.
  const known = new Map<string, { version: number; key: string }>();
  let count = 0;

  async function live(number: number): Promise<void> {
    using client = createHttpClient(origin);
    for (let step = 0; step < steps; step++) {
      const id = any([...known.keys()]);
      const chance = Math.random();
      if (id === undefined || chance < 0.25) await create(client, `key-${number}-${step}`);
      else if (chance < 0.45) await read(client, id);
      else if (chance < 0.9) await change(client, id);
      else await remove(client, id);
    }
  }

  async function create(client: HttpClient, key: string): Promise<void> {
    const creation: Creation = { key, outcome: "unknown", ids: new Set() };
    history.creations.push(creation);
    const body = { name: `created under ${key}`, attributes: { key } };
    // Without a key it is tried once: who cannot know whether it was done, must not ask again.
    const isKeyed = Math.random() < 0.75;
    const tries = isKeyed ? 1 + Math.floor(Math.random() * 8) : 1;
    for (let attempt = 1; attempt <= tries; attempt++) {
      const headers: Record<string, string> = isKeyed ? { "Idempotency-Key": key } : {};
      const answer = await client.send({ method: "POST", path: "/items", headers, body, ...mayHangUp() });
      if (answer?.status === 201) {
        const item = JSON.parse(answer.body);
        creation.outcome = "acknowledged";
        creation.ids.add(item.id);
        learn(item, key);
        // Some ask once more, though they know.
        if (Math.random() < 0.7) return;
      } else if (answer !== undefined && answer.status !== 503) {
        history.wrong.push(`creation ${key} was answered ${answer.status} ${answer.body}`);
      }
      await sleep(Math.random() * MAX_PAUSE_MS);
    }
  }

  async function read(client: HttpClient, id: string): Promise<void> {
    const before = history.knownOf(id);
    const answer = await client.send({ method: "GET", path: `/items/${id}` });
    if (answer?.status === 200) {
      const item = JSON.parse(answer.body);
      if (item.version < before.version) {
        history.wrong.push(`${id} was read at version ${item.version} after ${before.version} had been told`);
      }
      if (before.isGone) history.wrong.push(`${id} was read after its deletion had been told`);
      learn(item, item.attributes.key);
    } else if (answer?.status === 404) known.delete(id);
  }

  async function change(client: HttpClient, id: string): Promise<void> {
    const { version, key } = known.get(id) ?? { version: 1, key: "" };
    const isPatch = Math.random() < 0.5;
    const name = `change ${++count}`;
    const entry = { id, version, name, outcome: "unknown" as Outcome };
    history.changes.push(entry);
    const answer = await client.send({
      method: isPatch ? "PATCH" : "PUT",
      path: `/items/${id}`,
      headers: { "If-Match": `"${version}"` },
      body: isPatch ? { name } : { name, attributes: { key } },
      ...mayHangUp(),
    });
    entry.outcome = outcomeOf(answer);
    if (answer?.status === 200) learn(JSON.parse(answer.body), key);
    else if (answer?.status === 412) await read(client, id);
    else if (answer?.status === 404) known.delete(id);
  }

  async function remove(client: HttpClient, id: string): Promise<void> {
    const { version } = known.get(id) ?? { version: 1 };
    const entry = { id, version, outcome: "unknown" as Outcome };
    history.deletions.push(entry);
    const headers = { "If-Match": `"${version}"` };
    const answer = await client.send({ method: "DELETE", path: `/items/${id}`, headers, ...mayHangUp() });
    entry.outcome = outcomeOf(answer);
    if (answer?.status === 204) {
      history.tellGone(id);
      known.delete(id);
    } else if (answer?.status === 412) await read(client, id);
  }

  /** What anybody has been shown is so from then on. */
  function learn({ id, version }: { id: string; version: number }, key: string): void {
    history.tell(id, version);
    if (!history.knownOf(id).isGone && version >= (known.get(id)?.version ?? 0)) known.set(id, { version, key });
  }

  function outcomeOf(answer: WireAnswer | undefined): Outcome {
    if (answer === undefined || answer.status === 503) return "unknown";
    if (answer.status === 404 || answer.status === 412) return "refused";
    if (answer.status >= 300) history.wrong.push(`a write was answered ${answer.status} ${answer.body}`);
    return "acknowledged";
  }

  await Promise.all(Array.from({ length: clients }, (_, number) => live(number)));
  return history;
}

function mayHangUp(): { hangUpAfterMs?: number } {
  return Math.random() < HANG_UP_RATE ? { hangUpAfterMs: Math.random() * HANG_UP_WITHIN_MS } : {};
}

function any<T>(list: readonly T[]): T | undefined {
  return list[Math.floor(Math.random() * list.length)];
}
