import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openBackend } from "./backend.ts";

test("every operation of every service says what it needs, so that none is for root alone", async () => {
  const directory = mkdtempSync(join(tmpdir(), "local-aws-coverage-"));
  const backend = await openBackend({
    directory: join(directory, "state"),
    requestLogFile: join(directory, "requests.log"),
    accountId: "000000000000",
    region: "us-east-1",
    enforceIam: true,
    endpoint: () => "http://127.0.0.1:1",
    log: () => {},
  });
  try {
    const silent = backend.dispatcher.services.flatMap(
      ({ id, operations, rawJsonOperations, access, anonymousOperations }) =>
        [...Object.keys(operations), ...Object.keys(rawJsonOperations ?? {})]
          .filter((name) => access?.[name] === undefined && !anonymousOperations?.includes(name))
          .map((name) => `${id}:${name}`),
    );
    expect(silent).toEqual([]);
  } finally {
    await backend.close();
    rmSync(directory, { recursive: true, force: true });
  }
});
