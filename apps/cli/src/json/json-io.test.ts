import { afterEach, expect, it, vi } from "vitest";
import type { CommandIo, JsonOutput } from "../command.ts";
import { jsonIo } from "./json-io.ts";
import { UnfitDocumentError } from "./unfit-document-error.ts";

const CLOCK = { version: 1, clock: "2026-11-28T12:00:00.000Z", clockOffsetMs: 0 };
const json: JsonOutput = { documents: ["local-aws-clock", "doctor-report"] };

/** Prints texts as a command would, whose documents those are. */
async function print(texts: readonly string[], declared: JsonOutput = json) {
  let stdout = "";
  let columns = 80;
  const io: CommandIo = {
    ...{ env: {}, cwd: "/", isTty: false, signal: new AbortController().signal, stderr: { write() {} } },
    stdout: { write: (text) => (stdout += text) },
    ask: async () => "yes",
    get columns() {
      return columns;
    },
  };
  const printed = await jsonIo({ name: "local clock", json: declared }, io);
  columns = 40;
  const failure = await (async () => {
    for (const text of texts) {
      printed.io.stdout.write(text);
    }
    printed.assertWhole();
  })().catch((error: unknown) => error);
  return { stdout, failure, count: printed.count(), columns: printed.io.columns, ask: printed.io.ask };
}

const line = (value: unknown) => `${JSON.stringify(value)}\n`;

afterEach(() => vi.unstubAllEnvs());

it("lets a document through that is as its schema says, and the width of the terminal be asked for anew, but nobody else", async () => {
  expect(await print([line(CLOCK)])).toEqual({
    ...{ stdout: line(CLOCK), failure: undefined, count: 1, columns: 40, ask: undefined },
  });
});

it.each([
  ["a key that the schema does not name", [line({ ...CLOCK, drift: 1 })], /local-aws-clock: drift: is not a known key/],
  ["a time that is no ISO time", [line({ ...CLOCK, clock: 1 })], /local-aws-clock: clock: /],
  ["a document of another command", [line({ version: 1, faults: [] })], /not as its schema says/],
  ["text", ["It is noon.\n"], /prints what is no JSON document: It is noon/],
  ["a document without a line end", [JSON.stringify(CLOCK)], /without a line end/],
  ["nothing", [], /has printed 0 documents/],
  ["two documents", [line(CLOCK), line(CLOCK)], /has printed 2 documents/],
])("fails in tests for %s", async (_, texts, message) => {
  const { failure } = await print(texts);

  expect(failure).toBeInstanceOf(UnfitDocumentError);
  expect((failure as Error).message).toMatch(message);
});

it("prints nothing of what does not fit", async () => {
  expect(await print(["no\n"])).toMatchObject({ stdout: "", count: 0 });
});

it("takes as many documents as there are where a command prints one a line", async () => {
  const lines = { ...json, lines: "one for each look" };

  expect(await print([], lines)).toMatchObject({ failure: undefined });
  expect(await print([line(CLOCK), line(CLOCK)], lines)).toMatchObject({ failure: undefined, count: 2 });
});

it("looks at nothing outside of tests", async () => {
  vi.stubEnv("SLIPWAY_CHECK_DOCUMENTS", undefined);

  expect(await print(["It is noon.\n"])).toMatchObject({ stdout: "It is noon.\n", failure: undefined, count: 1 });
});
