import { setTimeout as wait } from "node:timers/promises";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { expect } from "vitest";
import { createFunction } from "../support/create-function.ts";
import { eventually } from "../support/eventually.ts";
import { isGone } from "../support/is-gone.ts";
import { LocalAwsProcess } from "../support/local-aws-process.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import type { Tally, Writer } from "./writer.ts";
import { createWriters } from "./writers.ts";

/** Acknowledged writes that each writer must have made before a kill. */
const WRITES_BEFORE_KILL = 10;
/** The kill comes at any time within this many milliseconds after that. */
const JITTER_MS = 400;

/** Tells its process's id and a child's, or is busy for ever. */
const BUSY_FUNCTION = `
import { spawn } from "node:child_process";
const child = spawn("sleep", ["3600"], { stdio: "ignore" });
export const handler = async ({ forever }) => {
  while (forever) {}
  return [process.pid, child.pid];
};`;

/** What a run came to. */
export interface Survival {
  readonly kills: number;
  /** Acknowledged writes, by writer. */
  readonly acknowledged: Readonly<Record<string, number>>;
}

/**
 * Kills local AWS (kill -9) under write load from concurrent clients, starts it again on the same folder and looks for every
 * write that it had acknowledged; as often as asked.
 *
 * @throws an assertion's error for the first write that is lost, or a process of a function that lives on
 */
export async function surviveKills(kills: number): Promise<Survival> {
  const folder = temporaryFolder("durability");
  let localAws = await LocalAwsProcess.start({ dataDir: folder.path });
  try {
    const functionArn = await createFunction(localAws.client, {
      name: "busy",
      code: BUSY_FUNCTION,
      timeoutSeconds: 600,
    });
    const loads = createWriters(localAws.client, { roleName: "busy", functionArn }).map((writer) => new Load(writer));
    for (const { writer } of loads) {
      await writer.prepare();
    }
    for (let kill = 0; kill < kills; kill++) {
      const processes = await keepBusy(localAws);
      const running = loads.map((load) => load.run());
      await Promise.race([Promise.all(loads.map((load) => load.hasWritten(WRITES_BEFORE_KILL))), Promise.all(running)]);
      await wait(Math.random() * JITTER_MS);
      for (const load of loads) {
        load.expectFailures();
      }
      await localAws.kill();
      await Promise.all(running);
      await eventually(
        async () =>
          expect(
            processes.filter((pid) => !isGone(pid)),
            "orphans",
          ).toEqual([]),
        5_000,
      );

      localAws = await LocalAwsProcess.start({ dataDir: folder.path, port: localAws.port });
      await Promise.all(loads.map((load) => load.verify()));
    }
    const processes = await keepBusy(localAws);
    await localAws.stop();
    expect(
      processes.filter((pid) => !isGone(pid)),
      "left behind by an orderly stop",
    ).toEqual([]);
    return {
      kills,
      acknowledged: Object.fromEntries(loads.map(({ writer, acknowledged }) => [writer.name, acknowledged.length])),
    };
  } finally {
    await localAws.stop();
    folder.remove();
  }
}

/** Leaves a function at work; gives the ids of its process and of that one's child. */
async function keepBusy(localAws: LocalAwsProcess): Promise<number[]> {
  const lambda = new LambdaClient({ ...localAws.client, maxAttempts: 1 });
  const invoke = (event: object) =>
    lambda.send(new InvokeCommand({ FunctionName: "busy", Payload: Buffer.from(JSON.stringify(event)) }));
  const { Payload } = await invoke({ forever: false });
  // Never answered: the kill cuts it.
  void invoke({ forever: true }).catch(() => lambda.destroy());
  const pids = JSON.parse(Payload?.transformToString() ?? "") as number[];
  expect(pids.map((pid) => isGone(pid))).toEqual([false, false]);
  return pids;
}

/** One client that writes without a pause until its connection breaks. */
class Load implements Tally {
  readonly writer: Writer;
  readonly attempted: number[] = [];
  readonly acknowledged: number[] = [];
  roundStart = 0;
  #mayFail = false;
  #onWrite: () => void = () => {};

  constructor(writer: Writer) {
    this.writer = writer;
  }

  /**
   * Writes until a write fails.
   *
   * @throws what a write failed with, unless failures are expected by then
   */
  async run(): Promise<void> {
    this.#mayFail = false;
    this.roundStart = this.attempted.length;
    for (;;) {
      const n = this.attempted.length;
      this.attempted.push(n);
      try {
        await this.writer.write(n);
      } catch (error) {
        if (this.#mayFail) {
          return;
        }
        throw new Error(`${this.writer.name} failed before the kill`, { cause: error });
      }
      this.acknowledged.push(n);
      this.#onWrite();
    }
  }

  /** Settled when this round has that many acknowledged writes. */
  hasWritten(count: number): Promise<void> {
    return new Promise((resolve) => {
      let left = count;
      this.#onWrite = () => {
        if (--left === 0) {
          resolve();
        }
      };
    });
  }

  expectFailures(): void {
    this.#mayFail = true;
  }

  async verify(): Promise<void> {
    await this.writer.verify(this);
  }
}
