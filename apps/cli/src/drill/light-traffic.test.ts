import { smokeScenarioSchema } from "@slipway/contracts";
import { type HttpClient, ReleaseError, systemClock } from "@slipway/release-engine";
import { expect, test } from "vitest";
import { underLightTraffic } from "./light-traffic.ts";

const url = "https://api.example.com/prod";
const scenario = smokeScenarioSchema.parse({
  steps: [
    { name: "it is there", method: "GET", path: "/orders", expect: { status: 200 } },
    { name: "it takes one", method: "POST", path: "/orders", body: {}, expect: { status: 201 } },
  ],
});

/** Answers the n-th request with the n-th status; 0 is no answer. */
function answering(...statuses: number[]): HttpClient & { sent: number } {
  return {
    sent: 0,
    async send() {
      const status = statuses[this.sent++] ?? 200;
      if (status === 0) {
        throw new ReleaseError({ kind: "unreachable", what: "No answer", why: "reset", next: "look" });
      }
      return { status, headers: {}, body: "{}" };
    },
  };
}

const work = (http: { sent: number }, requests: number) => async () => {
  while (http.sent < requests) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return "done";
};

test("requests are sent as long as the work takes, and an answer that is another release's counts as one", async () => {
  const http = answering(202, 200, 204, 201);
  const { value, traffic } = await underLightTraffic({ http, clock: systemClock }, { url, scenario }, work(http, 5));

  expect(value).toBe("done");
  expect(traffic).toMatchObject({ failed: 0 });
  expect(traffic.requests).toBe(http.sent);
});

test("requests that nobody answers, or that are answered with 5xx, are counted, and the first is named", async () => {
  const http = answering(200, 502, 200, 0);
  const { traffic } = await underLightTraffic({ http, clock: systemClock }, { url, scenario }, work(http, 6));

  expect(traffic).toMatchObject({ failed: 2, firstFailure: "POST /prod/orders: answered with 502" });
});

test("a refusal where the scenario expects none is no answer to a user, and where it expects one it is", async () => {
  const refusing = smokeScenarioSchema.parse({
    steps: [...scenario.steps, { name: "it was deleted", method: "GET", path: "/gone", expect: { status: 404 } }],
  });
  // Twice: all as expected, then refused by an authorizer and by a throttle.
  const http = answering(200, 201, 404, 403, 429, 404);
  const { traffic } = await underLightTraffic({ http, clock: systemClock }, { url, scenario: refusing }, work(http, 6));

  expect(traffic).toMatchObject({
    ...{ failed: 2, firstFailure: expect.stringMatching(/^GET \/orders: refused with 403: .*200/) },
  });
});

test("what goes wrong in the work is thrown, once nobody asks any more", async () => {
  const http = answering();
  const failing = underLightTraffic({ http, clock: systemClock }, { url, scenario }, () =>
    Promise.reject(new TypeError("broken")),
  );

  await expect(failing).rejects.toThrow("broken");
  const { sent } = http;
  await new Promise((resolve) => setTimeout(resolve, 250));
  expect(http.sent).toBe(sent);
});
