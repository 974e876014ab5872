import { setTimeout as sleep } from "node:timers/promises";
import { createHttpClient, type HttpClient } from "./http-client.ts";

export interface RaceOptions {
  origin: string;
  writers: number;
  /** How many updates are to be accepted, at least: those under way when so many are, are finished. */
  updates: number;
  /** The longest that a writer waits who was refused. */
  maxPauseMs: number;
}

/** What came of a race. */
export interface Race {
  tried: number;
  /** The versions that accepted updates were answered with. */
  accepted: number[];
  /** Updates that were refused because the item had changed. */
  refused: number;
  /** Statuses of all other answers. */
  other: number[];
  /** The item in the end. */
  version: number;
  name: string;
  /** What the update with the last version has written. */
  lastName: string;
}

/** Lets writers change one item: each reads it and writes with the ETag that it has read, again and again, over a connection of its own. */
export async function raceWriters(options: RaceOptions): Promise<Race> {
  const { origin, writers } = options;
  const clients = Array.from({ length: writers }, () => createHttpClient(origin));
  try {
    return await race(clients, options);
  } finally {
    for (const client of clients) client[Symbol.dispose]();
  }
}

async function race(clients: readonly HttpClient[], { updates, maxPauseMs }: RaceOptions): Promise<Race> {
  const created = await clients[0]?.send({ method: "POST", path: "/items", body: { name: "at first" } });
  const path = `/items/${JSON.parse(created?.body ?? "").id}`;
  const accepted = new Map<number, string>();
  const versions: number[] = [];
  const other: number[] = [];
  let tried = 0;
  let refused = 0;

  async function write(client: HttpClient, writer: number): Promise<void> {
    while (versions.length < updates) {
      const read = await client.send({ method: "GET", path });
      if (read?.status !== 200) {
        other.push(read?.status ?? 0);
        continue;
      }
      tried += 1;
      const name = `writer ${writer}, try ${tried}`;
      const headers = { "If-Match": read.headers.get("etag") ?? "" };
      const written = await client.send({ method: "PUT", path, headers, body: { name } });
      if (written?.status === 200) {
        const { version } = JSON.parse(written.body);
        versions.push(version);
        accepted.set(version, name);
      } else if (written?.status === 412) {
        refused += 1;
        await sleep(Math.random() * maxPauseMs);
      } else other.push(written?.status ?? 0);
    }
  }
  await Promise.all(clients.map(write));

  const last = await clients[0]?.send({ method: "GET", path });
  const { version, name } = JSON.parse(last?.body ?? "");
  return { tried, accepted: versions, refused, other, version, name, lastName: accepted.get(version) ?? "" };
}
