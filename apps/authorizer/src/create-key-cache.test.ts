import type { Jwks } from "aws-jwt-verify/jwk";
import { beforeEach, describe, expect, it } from "vitest";
import { createKeyCache, type FindKeys } from "./create-key-cache.ts";

const MINUTE = 60_000;

let time: number;
let published: string[];
let isDown: boolean;
let fetches: number;
let logged: { level: string; message: string; fields: Record<string, unknown> }[];
let findKeys: FindKeys;

beforeEach(() => {
  time = Date.UTC(2026, 10, 28);
  published = ["a"];
  isDown = false;
  fetches = 0;
  logged = [];
  findKeys = createKeyCache({
    fetchKeys: async () => {
      fetches += 1;
      if (isDown) throw new Error("down");
      return { keys: published.map((kid) => ({ kty: "RSA", kid })) };
    },
    now: () => time,
    log: (level, message, fields) => logged.push({ level, message, fields }),
  });
});

const idsOf = ({ keys }: Jwks) => keys.map(({ kid }) => kid);

describe("createKeyCache", () => {
  it("asks with the first token, and then not for ten minutes", async () => {
    expect(fetches).toBe(0);
    for (let second = 0; second < 600; second += 1, time += 1_000) await findKeys("a");
    expect(fetches).toBe(1);
    await findKeys("a");
    expect(fetches).toBe(2);
  });

  it("asks once for all that wait", async () => {
    const all = await Promise.all([findKeys("a"), findKeys("a"), findKeys("a")]);
    expect(fetches).toBe(1);
    expect(all.map(idsOf)).toEqual([["a"], ["a"], ["a"]]);
  });

  it("finds a new key at once", async () => {
    await findKeys("a");
    published = ["a", "b"];
    time += 1;
    expect(idsOf(await findKeys("b"))).toEqual(["a", "b"]);
    expect(fetches).toBe(2);
  });

  it("forgets a withdrawn key within ten minutes", async () => {
    await findKeys("a");
    published = ["b"];
    time += 10 * MINUTE;
    expect(idsOf(await findKeys("a"))).toEqual(["b"]);
  });

  it("asks every ten seconds at most because of keys that nobody has, and serves those that are known meanwhile", async () => {
    await findKeys("a");
    for (let second = 0; second < 60; second += 1, time += 1_000) {
      expect(idsOf(await findKeys(`made-up-${second}`))).toEqual(["a"]);
      expect(idsOf(await findKeys("a"))).toEqual(["a"]);
    }
    expect(fetches).toBe(1 + 6);
    published = ["a", "b"];
    time += 10_000;
    expect(idsOf(await findKeys("b"))).toEqual(["a", "b"]);
  });

  it("fails where there is no key, asks again after two seconds, and gets well", async () => {
    isDown = true;
    for (let step = 0; step < 4; step += 1, time += 1_000) await expect(findKeys("a")).rejects.toThrow("down");
    expect(fetches).toBe(2);
    isDown = false;
    expect(idsOf(await findKeys("a"))).toEqual(["a"]);
  });

  it("cannot tell a new key from a made-up one while the issuer is down", async () => {
    await findKeys("a");
    isDown = true;
    await expect(findKeys("b")).rejects.toThrow("down");
    await expect(findKeys("b")).rejects.toThrow("down");
    expect(idsOf(await findKeys("a"))).toEqual(["a"]);
    expect(fetches).toBe(2);
  });

  it("goes on with what it has for an hour, asks once a minute, and says so", async () => {
    await findKeys("a");
    isDown = true;
    for (time += 10 * MINUTE; time < Date.UTC(2026, 10, 28, 1); time += 10_000) {
      expect(idsOf(await findKeys("a"))).toEqual(["a"]);
    }
    expect(fetches).toBe(1 + 50);
    expect(logged).toHaveLength(50);
    expect(logged[0]).toEqual({
      level: "ERROR",
      message: "the issuer's keys could not be refreshed",
      fields: { error: { message: "down" }, usableUntil: "2026-11-28T01:00:00.000Z" },
    });
    await expect(findKeys("a")).rejects.toThrow("down");
    isDown = false;
    time += 2_000;
    expect(idsOf(await findKeys("a"))).toEqual(["a"]);
  });
});
