import { afterEach, describe, expect, it, vi } from "vitest";
import { ReleaseError } from "../../release-error.ts";
import { SourceDesk } from "./source-desk.ts";

const down = new ReleaseError({
  kind: "unreachable",
  what: "Logs cannot be asked",
  why: "no connection",
  next: "wait",
});

describe("SourceDesk", () => {
  afterEach(() => vi.useRealTimers());

  it("tells which sources have answered, which are down, and which are late", async () => {
    const desk = new SourceDesk(20);
    const asked = await Promise.all([
      desk.ask("ledger", async () => 7),
      desk.ask("logs", async () => {
        throw down;
      }),
      desk.ask("metrics", () => new Promise<number>(() => {})),
    ]);

    expect(asked).toEqual([7, undefined, undefined]);
    expect(desk.answers.map(({ durationMs: _, ...answer }) => answer)).toEqual([
      { source: "ledger", state: "answered" },
      { source: "logs", state: "down", why: "Logs cannot be asked: no connection" },
      { source: "metrics", state: "too-late", why: "no answer within 0.0 s" },
    ]);
  });

  it("gives a late source the signal, so that it does not go on for nothing", async () => {
    let given: AbortSignal | undefined;
    await new SourceDesk(5).ask("logs", (signal) => {
      given = signal;
      return new Promise(() => {});
    });
    expect(given?.aborted).toBe(true);
  });

  it("names a fault of our own as such, and goes on without that source", async () => {
    const desk = new SourceDesk(20);
    const broken = desk.ask("ledger", async () => {
      throw new TypeError("no good");
    });
    await expect(broken).resolves.toBeUndefined();
    expect(desk.answers).toMatchObject([{ state: "down", why: "a fault of Slipway's own: TypeError: no good" }]);
  });

  it("gives whoever waits for another one the time that is left, and no more", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    const desk = new SourceDesk(6_000);
    const asked = desk.ask("ledger", () => new Promise(() => {}), { withinMs: 4_000 });
    await vi.advanceTimersByTimeAsync(4_000);
    await asked;
    const last = desk.ask("calls", () => new Promise(() => {}));
    await vi.advanceTimersByTimeAsync(2_000);
    await last;
    expect(desk.answers).toMatchObject([
      { state: "too-late", durationMs: 4_000 },
      { state: "too-late", durationMs: 2_000 },
    ]);
  });

  it("tells what an answer leaves out, and what nobody could be asked for", async () => {
    const desk = new SourceDesk(20);
    await desk.ask("calls", async () => 7, { without: "only orders" });
    desk.leave("callers", "nobody knows the access logs");
    expect(desk.answers).toMatchObject([
      { source: "calls", state: "in-part", why: "only orders" },
      { source: "callers", state: "unknown", why: "nobody knows the access logs" },
    ]);
  });

  it("ends when it is asked to", async () => {
    const stop = new AbortController();
    const asked = new SourceDesk(1_000, stop.signal).ask("logs", async (signal) => {
      stop.abort();
      signal.throwIfAborted();
    });
    await expect(asked).rejects.toThrow("it was asked to stop");
  });
});
