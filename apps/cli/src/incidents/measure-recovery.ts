import { judgeRecovery } from "@slipway/analysis";
import type { IncidentImpact, Verdict } from "@slipway/contracts";
import { type IncidentRecord, measureImpact, measureIncidents, ReleaseError } from "@slipway/release-engine";
import type { CommandLedger } from "../ledger/command-ledger.ts";
import { UserError } from "../user-error.ts";
import { type OpenLook, openLook } from "./open-look.ts";

/** Whether an incident is over by its numbers. */
export interface Recovery {
  readonly verdict: Verdict;
  /** ISO time from which on they were good; the time of the look, where they are not. */
  readonly resolvedAt: string;
  readonly impact?: IncidentImpact;
}

/**
 * Asks the numbers of the last window. What cannot be measured is no good number: then the verdict says so, and why.
 *
 * @throws ReleaseError `interrupted` when asked to stop, or when the ledger cannot be read
 */
export async function measureRecovery(
  record: IncidentRecord,
  opened: CommandLedger,
  environment: string,
  signal: AbortSignal,
): Promise<Recovery> {
  const { ledger, clock } = opened;
  const [entries, head] = await Promise.all([ledger.read(signal), ledger.head()]);
  let look: OpenLook | undefined;
  try {
    look = await openLook(opened, environment, signal);
    const { ports, subject } = look;
    const measurements = await measureIncidents(ports, { ...subject, entries, head, signal });
    const verdict = judgeRecovery(measurements, subject.config, record.signals);
    const isGood = verdict.status === "successful";
    const from = Math.max(isGood ? measurements.window.from : measurements.at, Date.parse(record.startedAt));
    const impact = await impactOf(look, record, from, measurements.at, signal);
    return { verdict, resolvedAt: new Date(from).toISOString(), ...(impact && { impact }) };
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === undefined) {
      throw error;
    }
    const resolvedAt = new Date(clock.now()).toISOString();
    return { verdict: { status: "error", reason: `They could not be measured: ${reason}`, numbers: {} }, resolvedAt };
  } finally {
    look?.close();
  }
}

/** Undefined where nobody knows: a resolution is not held up by it. */
async function impactOf(
  { ports, subject: { resources, config } }: OpenLook,
  { startedAt }: IncidentRecord,
  to: number,
  now: number,
  signal: AbortSignal,
): Promise<IncidentImpact | undefined> {
  if (resources.stages.length === 0) {
    return undefined;
  }
  try {
    const from = Date.parse(startedAt);
    return await measureImpact(ports, { from, to, now, stages: resources.stages, config, signal });
  } catch (error) {
    if (reasonOf(error) === undefined) {
      throw error;
    }
    return undefined;
  }
}

/** Of a failure that can be expected; undefined of any other, and of being asked to stop. */
function reasonOf(error: unknown): string | undefined {
  if (error instanceof UserError) {
    return error.message;
  }
  return error instanceof ReleaseError && error.kind !== "interrupted" ? `${error.what}: ${error.why}` : undefined;
}
