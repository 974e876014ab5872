import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "@slipway/testing";
import { expect, test } from "vitest";
import { forgetLocalLedger } from "./forget-local-ledger.ts";

test("what is kept of one local AWS goes, and nothing of another, or of AWS", async () => {
  using folder = temporaryFolder();
  const kept = ["local-127.0.0.1-4701", "local-127.0.0.1-4566", "aws", "127.0.0.1-4701"].map((name) =>
    join(folder.path, ".slipway", "ledger", name),
  );
  for (const each of kept) {
    mkdirSync(join(each, "prod"), { recursive: true });
  }

  await forgetLocalLedger(folder.path, "http://127.0.0.1:4701");
  expect(kept.map((each) => existsSync(each))).toEqual([false, true, true, true]);
  await forgetLocalLedger(folder.path, "http://127.0.0.1:4701");
});
