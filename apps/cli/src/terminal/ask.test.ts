import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { ask } from "./ask.ts";

function terminal() {
  const input = new PassThrough();
  const output = new PassThrough();
  const stop = new AbortController();
  return { input, stop, answer: ask("Sure? ", input, output, stop.signal), said: () => String(output.read() ?? "") };
}

it("gives what was typed", async () => {
  const { input, answer, said } = terminal();
  input.write("destroy prod\n");
  expect(await answer).toBe("destroy prod");
  expect(said()).toBe("Sure? ");
});

it("an empty line is an answer", async () => {
  const { input, answer } = terminal();
  input.write("\n");
  expect(await answer).toBe("");
});

it("is broken off by Ctrl-C, and by the end of the input, which would otherwise never be answered", async () => {
  const interrupted = terminal();
  interrupted.stop.abort();
  expect(await interrupted.answer).toBeUndefined();
  expect(interrupted.said()).toMatch(/\n$/);

  const ended = terminal();
  ended.input.end();
  expect(await ended.answer).toBeUndefined();
});
