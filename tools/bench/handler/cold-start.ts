import { tmpdir } from "node:os";
import { join } from "node:path";
import { runToEnd } from "../support/run-to-end.ts";
import { itemId } from "./canned-items.ts";
import { lambdaContext } from "./lambda-context.ts";
import { type FunctionSettings, functionEnvironment, nodeArguments } from "./lambda-process.ts";
import { makeEvent } from "./make-event.ts";

/** How long a fresh process took, from the first line that is not Node's own. */
export interface ColdStart {
  /** Until the bundle was imported. */
  readonly importMs: number;
  /** Until its first request, a read of an item, was answered. */
  readonly firstAnswerMs: number;
}

const probe = join(import.meta.dirname, "cold-start-probe.cjs");

/**
 * Starts a bundle once, in a process of its own.
 *
 * @throws Error with what it said, when it does not answer the read with 200
 */
export async function coldStart(bundle: string, settings: FunctionSettings, signal: AbortSignal): Promise<ColdStart> {
  const event = makeEvent({ method: "GET", path: `/items/${itemId(0)}` });
  const { stdout } = await runToEnd(
    process.execPath,
    [...nodeArguments, probe, bundle, JSON.stringify(event), JSON.stringify(lambdaContext)],
    { cwd: tmpdir(), env: functionEnvironment(settings), signal },
  );
  return JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "");
}
