import { ReleaseError } from "@slipway/release-engine";
import { expect, it, vi } from "vitest";
import type { Command } from "../command.ts";
import { commands } from "../commands.ts";
import { FailedWith } from "../failed-with.ts";
import { type Place, runSlipway } from "../test/run-slipway.ts";
import { UserError } from "../user-error.ts";

/** Runs `slipway local clock WORDS`, whose work is something else. */
async function clock(work: Command["run"], words: readonly string[] = ["--output", "json"], place: Place = {}) {
  const command = commands.find(({ name }) => name === "local clock") as Command;
  const run = vi.spyOn(command, "run").mockImplementation(work);
  try {
    const said = await runSlipway(["local", "clock", ...words], place);
    return { ...said, document: said.stdout.startsWith("{") ? JSON.parse(said.stdout) : said.stdout };
  } finally {
    run.mockRestore();
  }
}

const failing = (error: unknown) => async () => {
  throw error;
};

const BUSY = new ReleaseError({ kind: "busy", what: "prod is being changed", why: "Jane has the lease", next: "wait" });

it.each([
  ["what was typed", new UserError("--port: '0' is no port."), 1, ["usage", "--port: '0' is no port.", null, null]],
  ["what can be expected", BUSY, 1, ["busy", "prod is being changed", "Jane has the lease", "wait"]],
  [
    "an exit code of its own",
    new FailedWith(3, BUSY),
    3,
    ["busy", "prod is being changed", "Jane has the lease", "wait"],
  ],
  ["a bug", new TypeError("x is undefined"), 1, ["bug", "x is undefined", null, "Report it, with what is on stderr."]],
])("tells of %s as one document on stdout, and to people on stderr", async (_, error, exitCode, parts) => {
  const { code, document, stderr } = await clock(failing(error));

  const [kind, what, why, next] = parts;
  expect(document).toEqual({ version: 1, error: { kind, what, why, next }, exitCode });
  expect(code).toBe(exitCode);
  expect(stderr).toContain(`${what}`);
});

it("tells of an interruption", async () => {
  const { signal, ...stop } = (() => {
    const controller = new AbortController();
    return { signal: controller.signal, now: () => controller.abort() };
  })();
  const { code, document } = await clock(
    async () => {
      stop.now();
      signal.throwIfAborted();
      return 0;
    },
    ["--output", "json"],
    { signal },
  );

  expect([code, document.error.kind, document.exitCode]).toEqual([130, "interrupted", 130]);
});

it.each([
  [["--output", "json", "--prot", "1"], /unknown option '--prot'/],
  [["--output=json", "back"], /'back' is invalid/],
])("tells of wrong usage: %j", async (words, message) => {
  const { code, document, stderr } = await clock(async () => 0, words);

  expect(document).toMatchObject({ version: 1, error: { kind: "usage" }, exitCode: 2 });
  expect(document.error.what).toMatch(message);
  expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
});

it("has no secret, and nothing that a terminal would do", async () => {
  const secret = "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY";
  const { stdout } = await clock(failing(new UserError(`\u001b[2J${secret}`)), ["--output", "json"], {
    env: { AWS_SECRET_ACCESS_KEY: secret },
  });

  expect(stdout).not.toContain(secret);
  expect(stdout).not.toContain("\u001b");
});

it("adds nothing to a document that is there already, and nothing where no JSON was asked for", async () => {
  const there = { version: 1, clock: "2026-11-28T12:00:00.000Z", clockOffsetMs: 0 };
  const after = await clock(async (_: unknown, io) => {
    io.stdout.write(`${JSON.stringify(there)}\n`);
    throw new UserError("too late");
  });

  expect(after).toMatchObject({ code: 1, document: there, stderr: "slipway: too late\n" });
  expect(await clock(failing(BUSY), [])).toMatchObject({ code: 1, stdout: "" });
});

it("ends a test in which a command prints what its schema does not know", async () => {
  const unfit = clock(async (_: unknown, io) => {
    io.stdout.write('{"version":1,"time":"noon"}\n');
    return 0;
  });

  await expect(unfit).rejects.toThrow(/slipway local clock --output json prints a document that is not as its schema/);
});
