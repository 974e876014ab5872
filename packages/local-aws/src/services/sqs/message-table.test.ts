import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openStore } from "../../store/store.ts";
import { MessageTable, type NewMessage } from "./message-table.ts";

function folder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "local-aws-messages-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

function message(body: string, at: number): NewMessage {
  const content = { messageId: body, senderId: "test", attributes: {}, system: {} };
  return { body, content, sentAt: at, visibleAt: at };
}

test("what was acknowledged is there after kill -9", async () => {
  const { path, remove } = folder();
  const program = join(import.meta.dirname, "send-until-killed.ts");
  const child = spawn(process.execPath, ["--no-warnings", program, path], { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
    if (output.split("\n").length > 200) {
      child.kill("SIGKILL");
    }
  });
  await once(child, "close");

  const acknowledged = output.split("\n").filter((line) => line !== "").length;
  const store = openStore(path);
  const { taken } = new MessageTable(store).take("orders", { limit: 1e6, now: Date.now() + 1000, hiddenUntil: 0 });
  expect(acknowledged).toBeGreaterThan(150);
  expect(taken.length).toBeGreaterThanOrEqual(acknowledged);
  expect(taken.slice(0, acknowledged).map(({ body }) => Number(body))).toEqual([...Array(acknowledged).keys()]);
  store.close();
  remove();
});

test("taking from a deep queue costs as little as from a shallow one", () => {
  const { path, remove } = folder();
  const store = openStore(path);
  const messages = new MessageTable(store);
  const began = performance.now();
  messages.add(
    "deep",
    Array.from({ length: 20_000 }, (_, index) => message(String(index), index)),
  );
  const now = 100_000;
  const started = performance.now();
  const addedMs = started - began;
  const bodies = Array.from({ length: 100 }, () =>
    messages.take("deep", { limit: 10, now, hiddenUntil: now + 60_000 }).taken.map(({ body }) => body),
  ).flat();

  expect(bodies).toEqual(Array.from({ length: 1000 }, (_, index) => String(index)));
  // Less than adding them all; a scan of the queue for each would take fifty times as long.
  expect(performance.now() - started).toBeLessThan(5 * addedMs);
  expect(messages.depth("deep", now)).toEqual({ visible: 19_000, inFlight: 1000, delayed: 0, oldestArrival: 0 });
  store.close();
  remove();
});

test("a batch that cannot be written as a whole is not written at all", () => {
  const { path, remove } = folder();
  const store = openStore(path);
  const messages = new MessageTable(store);
  const broken = { ...message("b", 1), body: undefined as unknown as string };

  expect(() => messages.add("orders", [message("a", 1), broken])).toThrow();
  expect(messages.depth("orders", 2).visible).toBe(0);
  store.close();
  remove();
});

test("a handle means its message only as long as it is the latest one", () => {
  const { path, remove } = folder();
  const store = openStore(path);
  const messages = new MessageTable(store);
  messages.add("orders", [message("a", 0)]);
  const take = (now: number) => messages.take("orders", { limit: 1, now, hiddenUntil: now + 10 }).taken[0];
  const first = take(0);
  const second = take(10);

  expect(second?.sequence).toBe(first?.sequence);
  expect(messages.held("orders", first?.sequence ?? 0, first?.token ?? "")).toBeUndefined();
  expect(messages.held("others", second?.sequence ?? 0, second?.token ?? "")).toBeUndefined();
  expect(messages.held("orders", second?.sequence ?? 0, second?.token ?? "")).toEqual({
    visibleAt: 20,
    receivedAt: 10,
  });
  store.close();
  remove();
});
