import { Writable } from "node:stream";
import { expect, test } from "vitest";
import { writeResult } from "./write-result.ts";

/** A reader that takes a text when it is told to. */
function slowReader() {
  let take: (() => void) | undefined;
  const stdout = new Writable({
    highWaterMark: 1,
    decodeStrings: false,
    write: (_chunk, _encoding, done) => {
      take = done;
    },
  });
  return { stdout, take: () => take?.() };
}

const io = (stdout: { write(text: string): unknown }, stdoutClosed?: AbortSignal) =>
  ({ stdout, stdoutClosed }) as Parameters<typeof writeResult>[0];

test("who writes waits for a reader that is slower", async () => {
  const { stdout, take } = slowReader();
  let isWritten = false;
  const writing = writeResult(io(stdout), "text").then(() => (isWritten = true));

  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(isWritten).toBe(false);
  take();
  await writing;

  expect(isWritten).toBe(true);
});

test("but not for one that has gone", async () => {
  const { stdout } = slowReader();
  const closed = new AbortController();
  const writing = writeResult(io(stdout, closed.signal), "text");

  closed.abort();

  await expect(writing).resolves.toBeUndefined();
});

test("what is no stream is never waited for", async () => {
  await expect(writeResult(io({ write: () => false }), "text")).resolves.toBeUndefined();
});
