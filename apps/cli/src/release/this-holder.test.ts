import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, it } from "vitest";
import { holderIsGone, thisHolder } from "./this-holder.ts";

const jane = { name: "Jane" };

it("says which process it is, and never twice the same", () => {
  const holder = thisHolder(jane, "slipway deploy prod");
  expect(holder).toMatchObject({ actor: jane, pid: process.pid, command: "slipway deploy prod" });
  expect(thisHolder(jane, "slipway deploy prod").id).not.toBe(holder.id);
  expect(holderIsGone(holder)).toBe(false);
});

it("knows of no process of another machine that it is dead", () => {
  const holder = { ...thisHolder(jane, "x"), pid: 2 ** 22 + 1 };
  expect(holderIsGone({ ...holder, machine: "another" })).toBe(false);
  const { machine: _, ...nowhere } = holder;
  expect(holderIsGone(nowhere)).toBe(false);
});

it.skipIf(process.platform !== "linux")("takes a killed process for dead, and one that has got its id", async () => {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
  const holder = { ...thisHolder(jane, "x"), pid: child.pid ?? 0 };
  // The process is there, and is another one than the holder was.
  expect(holderIsGone({ ...holder, processStart: "1" })).toBe(true);
  const { processStart: _, ...alive } = holder;
  expect(holderIsGone(alive)).toBe(false);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(holderIsGone(alive)).toBe(true);
});
