import type { ReleaseReport } from "@slipway/contracts";
import { ReleaseError, type ReleaseRecord, redactedError, releases } from "@slipway/release-engine";
import type { CommandIo } from "../command.ts";
import { escapeControls } from "../terminal/escape-controls.ts";
import type { Deployed } from "./deploy-release.ts";
import type { ReleaseSession } from "./release-command.ts";
import { releaseReport } from "./release-report.ts";
import { capital } from "./render-release.ts";
import { sayHowToStop } from "./say-how-to-stop.ts";
import { trafficWords } from "./traffic-words.ts";

/**
 * Lets a release run, and reports what came of it from the ledger, also where something went wrong on the way.
 *
 * @throws ReleaseError what went wrong before there was a release
 */
export async function runDeployment(
  { open, target, reported }: Pick<ReleaseSession, "open" | "target" | "reported">,
  io: Pick<CommandIo, "signal" | "stderr">,
  name: string,
  work: (onHeld: () => void) => Promise<Deployed>,
): Promise<ReleaseReport> {
  let isOurs = false;
  const canBeStopped = sayHowToStop(io, `slipway resume ${name}${target.flags}`);
  try {
    const deployed = await work(() => {
      isOurs = true;
    });
    if (deployed.kind === "nothing-to-do") {
      const { record, because } = deployed;
      return releaseReport(reported(open.apiUrl(record)), record, "nothing-to-do", open.ports.redactor.text(because));
    }
    const { state, reason, record } = deployed.outcome;
    const where = state === "paused" || state === "interrupted" ? ` ${trafficWords(record)}` : "";
    const outcome = state === "superseded" ? "live" : state;
    return releaseReport(reported(open.apiUrl(record)), record, outcome, `${sentence(reason)}${where}`);
  } catch (thrown) {
    const error = redactedError(open.ports.redactor, thrown);
    // Who never had the lease has broken nothing off: the release in the ledger is somebody else's.
    const record = isOurs && error instanceof ReleaseError ? await newest(open) : undefined;
    if (record === undefined) {
      throw error;
    }
    const { message, kind, what } = error as ReleaseError;
    io.stderr.write(`slipway: ${escapeControls(message, { lines: true })}\n`);
    const outcome = kind === "interrupted" || io.signal.aborted ? "interrupted" : "broken-off";
    return releaseReport(reported(open.apiUrl(record)), record, outcome, `${sentence(what)} ${trafficWords(record)}`);
  } finally {
    canBeStopped();
  }
}

/** The newest release, where the ledger can still be read. */
async function newest({ ledger }: ReleaseSession["open"]): Promise<ReleaseRecord | undefined> {
  const entries = await ledger.read().catch(() => []);
  return releases(entries).at(-1);
}

function sentence(text: string): string {
  return `${capital(text)}${/[.!?]$/.test(text) ? "" : "."}`;
}
