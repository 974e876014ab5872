import { createRedactor } from "@slipway/release-engine";
import { RecordingProgress } from "@slipway/testing";
import { expect, onTestFinished, test } from "vitest";
import { ordersConfig } from "../test/orders-config.ts";
import { temporaryRepository } from "../test/temporary-repository.ts";
import { type ChecklistPlace, openChecklist } from "./open-checklist.ts";

async function open(opened?: ChecklistPlace["opened"]) {
  const { path, remove } = temporaryRepository();
  onTestFinished(remove);
  const progress = new RecordingProgress();
  const env = { PATH: process.env.PATH };
  const checklist = await openChecklist({
    ...{ repository: path, config: ordersConfig, environment: "prod", env, progress },
    signal: new AbortController().signal,
    target: { label: "AWS", isLocal: false, flags: "", region: "eu-central-1", env },
    ...(opened && { opened }),
  });
  onTestFinished(() => checklist.close());
  return { ...checklist, progress };
}

test("within a release the rules are asked of who knows them already", async () => {
  const inForce = () => Promise.reject(new Error("asked"));

  const opened = { ledger: { read: async () => [] }, redactor: createRedactor(), policy: { inForce } };
  const { ports, progress } = await open(opened);

  await expect(ports.policy([])).rejects.toThrow("asked");
  // The release's own, which takes secrets out.
  expect(ports.progress).toBe(progress);
});

test("by itself it reads them: of a first release they are its own", async () => {
  const { ports } = await open();

  expect(await ports.policy([])).toMatchObject({ because: expect.stringMatching(/nothing was released before$/) });
});
