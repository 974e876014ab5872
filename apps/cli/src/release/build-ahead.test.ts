import type { FunctionBuilder } from "@slipway/release-engine";
import { describe, expect, it } from "vitest";
import { BuildAhead } from "./build-ahead.ts";

const ORDERS = { argv: ["make"], directory: "/orders" };

/** A builder that says a line, and ends when it is told to. */
function arrange() {
  const builds: string[] = [];
  const ends: (() => void)[] = [];
  const builder: FunctionBuilder = {
    async build({ directory, onLine, signal }) {
      builds.push(directory);
      onLine(`begin ${directory}`);
      await new Promise<void>((resolve, reject) => {
        ends.push(resolve);
        signal?.addEventListener("abort", () => reject(new Error("stopped")));
      });
      onLine(`end ${directory}`);
    },
  };
  return { builds, ends, ahead: new BuildAhead(builder) };
}

describe("BuildAhead", () => {
  it("gives who asks the build that runs already, with all of its lines, and the next one a build of its own", async () => {
    const { builds, ends, ahead } = arrange();
    ahead.begin(ORDERS);
    const lines: string[] = [];
    const asked = ahead.build({ ...ORDERS, onLine: (text) => lines.push(text) });
    ends[0]?.();
    await asked;
    expect(lines).toEqual(["begin /orders", "end /orders"]);
    expect(builds).toHaveLength(1);
    const again = ahead.build({ ...ORDERS, onLine: () => {} });
    ends[1]?.();
    await again;
    expect(builds).toHaveLength(2);
  });

  it("runs a command once ahead, however many functions it builds", async () => {
    const { builds, ends, ahead } = arrange();
    ahead.begin(ORDERS);
    ahead.begin({ ...ORDERS });
    ahead.begin({ ...ORDERS, directory: "/stock" });
    expect(builds).toEqual(["/orders", "/stock"]);
    ends.forEach((end) => void end());
    await ahead.close();
  });

  it("tells a failure to who asks, and to nobody else", async () => {
    const ahead = new BuildAhead({ build: () => Promise.reject(new Error("it does not compile")) });
    ahead.begin(ORDERS);
    await expect(ahead.build({ ...ORDERS, onLine: () => {} })).rejects.toThrow("it does not compile");
    ahead.begin(ORDERS);
    await ahead.close();
  });

  it("stops with who asks, and when it is closed", async () => {
    const { ahead } = arrange();
    const stop = new AbortController();
    ahead.begin(ORDERS);
    const asked = ahead.build({ ...ORDERS, onLine: () => {}, signal: stop.signal });
    stop.abort();
    await expect(asked).rejects.toThrow("stopped");
    const { ahead: other } = arrange();
    other.begin(ORDERS);
    await other.close();
  });
});
