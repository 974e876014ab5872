import { smokeScenarioSchema } from "@slipway/contracts";
import { type HttpRequest, type HttpResponse, ReleaseError } from "@slipway/release-engine";
import { ManualClock } from "@slipway/testing";
import { expect, it } from "vitest";
import { USER_HEADER } from "./faulty-handler.ts";
import { UserTraffic } from "./user-traffic.ts";

const scenario = smokeScenarioSchema.parse({
  steps: [
    {
      ...{ name: "create", method: "POST", path: "/items", body: { name: "item {runId}" } },
      headers: { "Idempotency-Key": "k-{runId}" },
      ...{ expect: { status: 201 }, capture: { id: { json: "/data/a~1b" }, tag: { header: "ETag" } } },
    },
    { name: "read", method: "GET", path: "/items/{id}", headers: { "If-Match": "{tag}" }, expect: { status: 200 } },
  ],
  cleanup: [{ name: "delete", method: "DELETE", path: "/items/{id}", expect: { status: 204 } }],
});

/** An API whose items stay until they are deleted, or forgotten. */
class Items {
  readonly items = new Map<string, string>();
  readonly kinds = new Set<string | undefined>();
  status = 201;
  isDown = false;
  /** What it answers to who reads one of these. */
  readStatus = 200;
  onlyOld: ReadonlySet<string> = new Set();
  #count = 0;

  async send({ method, url, headers, body }: HttpRequest): Promise<HttpResponse> {
    this.kinds.add(headers?.[USER_HEADER]);
    if (this.isDown) {
      throw new ReleaseError({ kind: "unreachable", what: "It does not answer", why: "a test", next: "go on" });
    }
    const id = decodeURIComponent(url.slice("http://api/items/".length));
    if (method === "POST") {
      if (this.status !== 201) {
        return { status: this.status, headers: {}, body: "{}" };
      }
      this.#count += 1;
      const made = `i/${this.#count}`;
      this.items.set(made, body ?? "");
      return { status: 201, headers: { etag: made }, body: JSON.stringify({ data: { "a/b": made } }) };
    }
    if (method === "DELETE") {
      return { status: this.items.delete(id) ? 204 : 404, headers: {}, body: "" };
    }
    if (this.onlyOld.has(id)) {
      return { status: this.readStatus, headers: {}, body: "{}" };
    }
    // It asks as the one did who made it.
    return { status: this.items.has(id) && headers?.["If-Match"] === id ? 200 : 404, headers: {}, body: "{}" };
  }
}

function users(api = new Items()) {
  return { api, traffic: new UserTraffic({ http: api, clock: new ManualClock(0) }, "http://api/", scenario) };
}

it("remembers what was acknowledged, and finds what is not there any more", async () => {
  const { api, traffic } = users();
  const { requests, failed } = await traffic.minute(40);
  expect(requests).toBeGreaterThanOrEqual(40);
  expect(requests).toBeLessThan(70);
  expect(failed).toBe(0);
  // What the smoke test does is cleaned up; what users have kept stays.
  expect(api.items.size).toBeGreaterThan(5);
  expect([...api.items.values()].every((text) => /^\{"name":"item \w{8,}"\}$/.test(text))).toBe(true);
  expect(await traffic.lost()).toBe(0);

  const [first = "", second = ""] = api.items.keys();
  api.items.delete(first);
  api.items.delete(second);
  expect(await traffic.lost()).toBe(2);
  traffic.reset();
  expect(await traffic.lost()).toBeNull();
});

it("looks again at what was kept before, and so comes across what was damaged since", async () => {
  const { api, traffic } = users();
  await traffic.minute(40);
  expect((await traffic.minute(40)).failed).toBe(0);
  api.readStatus = 500;
  api.onlyOld = new Set(api.items.keys());

  expect((await traffic.minute(40)).failed).toBeGreaterThan(2);
});

it("takes for acknowledged only what was", async () => {
  const { api, traffic } = users();
  api.status = 500;
  expect((await traffic.minute(20)).failed).toBeGreaterThan(5);
  api.isDown = true;
  const { requests, failed } = await traffic.minute(20);
  expect(failed).toBe(requests);
  api.isDown = false;
  expect(await traffic.lost()).toBeNull();
});

it("says of what kind its users are, and comes in greater numbers", async () => {
  const { api, traffic } = users();
  const usual = await traffic.minute(40);
  traffic.kind = "fails";
  traffic.factor = 3;
  expect((await traffic.minute(40)).requests).toBeGreaterThan(2.5 * usual.requests);
  expect([...api.kinds]).toEqual(["usual", "fails"]);
});

it("does not know what is lost where nothing is made that can be read", async () => {
  const [write] = scenario.steps;
  const only = { ...scenario, steps: write === undefined ? [] : [write], cleanup: [] };
  expect(await new UserTraffic({ http: new Items(), clock: new ManualClock(0) }, "http://api", only).lost()).toBeNull();
});
