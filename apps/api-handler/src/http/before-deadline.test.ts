import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { StoreUnavailableError } from "../store/store-unavailable-error.ts";
import { beforeDeadline } from "./before-deadline.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("gives what the work gives, and leaves no timer behind", async () => {
  expect(await beforeDeadline(Promise.resolve("done"), 10_000)).toBe("done");
  await expect(beforeDeadline(Promise.reject(new Error("failed")), 10_000)).rejects.toThrow("failed");
  expect(vi.getTimerCount()).toBe(0);
});

it("gives up half a second before the invocation ends", async () => {
  const outcome = vi.fn();
  beforeDeadline(new Promise(() => {}), 10_000).catch(outcome);
  await vi.advanceTimersByTimeAsync(9_499);
  expect(outcome).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(outcome).toHaveBeenCalledExactlyOnceWith(expect.any(StoreUnavailableError));
});
