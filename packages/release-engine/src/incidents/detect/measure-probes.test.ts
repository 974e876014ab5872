import { smokeScenarioSchema, validationConfigSchema } from "@slipway/contracts";
import { ManualClock } from "@slipway/testing";
import { expect, it } from "vitest";
import { ReleaseError } from "../../release-error.ts";
import { measureProbes } from "./measure-probes.ts";

const config = {
  validation: validationConfigSchema.parse({}),
  smoke: smokeScenarioSchema.parse({
    ready: { path: "/health", withinSeconds: 5 },
    steps: [
      { name: "orders are there", method: "GET", path: "/orders", expect: { status: 200 } },
      { name: "an order is made", method: "POST", path: "/orders", expect: { status: 201 } },
    ],
  }),
};

function probes(answers: Readonly<Record<string, readonly (number | "none")[]>>) {
  const left = new Map(Object.entries(answers).map(([path, all]) => [path, [...all]]));
  const http = {
    async send({ url }: { readonly url: string }) {
      const status = left.get(new URL(url).pathname)?.shift();
      if (status === undefined || status === "none") {
        throw new ReleaseError({ kind: "unreachable", what: "No answer", why: "ECONNRESET", next: "-" });
      }
      return { status, headers: {}, body: "" };
    },
  };
  const clock = new ManualClock();
  return measureProbes({ http, clock, pause: clock }, "https://x.example/prod/", config, undefined);
}

it("sends what only reads, once where it is answered well, and three times where it is not", async () => {
  const sent = await probes({ "/prod/health": [503, 200], "/prod/orders": ["none", 500, 502] });

  expect(sent.map(({ name, attempts }) => [name, attempts.map(({ status }) => status)])).toEqual([
    ["GET /health", [503, 200]],
    ["GET /orders", [null, 500, 502]],
  ]);
  expect(sent[1]?.attempts[0]?.why).toBe("No answer: ECONNRESET");
});
