import { describe, expect, it } from "vitest";
import { ReleaseError } from "./release-error.ts";
import { sideBySide } from "./side-by-side.ts";

const what = () => "the test after 3 records";
const never = () => new AbortController().signal;
const failedAs = (kind: "conflict" | "interrupted" | "unreachable") =>
  new ReleaseError({ kind, what: kind, why: "of a test", next: "none" });

/** Goes on until its signal is given, and fails then. */
function untilStopped(signal: AbortSignal, error: unknown, onStopped = () => {}): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () =>
      setTimeout(() => {
        onStopped();
        reject(error);
      }, 5),
    );
  });
}

describe("sideBySide", () => {
  it("gives what came of each, in their order", async () => {
    const slow = () => new Promise<string>((resolve) => setTimeout(resolve, 5, "slow"));
    expect(await sideBySide(never(), what, () => [slow(), Promise.resolve("quick")])).toEqual(["slow", "quick"]);
  });

  it("stops the others when one fails, and tells the failure once they have stopped", async () => {
    let stopped = 0;
    const work = sideBySide(never(), what, (signal) => [
      untilStopped(signal, failedAs("interrupted"), () => (stopped += 1)),
      Promise.reject(new TypeError("no idea")),
      untilStopped(signal, failedAs("interrupted"), () => (stopped += 1)),
    ]);
    await expect(work).rejects.toThrow(new TypeError("no idea"));
    expect(stopped).toBe(2);
  });

  it("names a lost hold as the cause, whoever noticed first", async () => {
    const work = sideBySide(never(), what, (signal) => [
      untilStopped(signal, failedAs("conflict")),
      Promise.reject(failedAs("unreachable")),
    ]);
    await expect(work).rejects.toMatchObject({ kind: "conflict" });
  });

  it("says where it stopped when it is asked to", async () => {
    const asked = new AbortController();
    const work = sideBySide(asked.signal, what, (signal) => [untilStopped(signal, failedAs("interrupted"))]);
    asked.abort();
    await expect(work).rejects.toMatchObject({ kind: "interrupted", what: "Stopped the test after 3 records" });
  });
});
