import type { Holder } from "@slipway/contracts";
import { type LeaseRecord, leaseIsHeld, systemClock } from "@slipway/release-engine";
import { formatSpan } from "../charts/format-time.ts";
import type { CommandIo } from "../command.ts";
import { wrapText } from "../costs/wrap-text.ts";
import { thisActor } from "../release/this-actor.ts";
import { holderIsGone } from "../release/this-holder.ts";
import { escapeControls } from "../terminal/escape-controls.ts";
import { UserError } from "../user-error.ts";
import type { CommandLedger } from "./command-ledger.ts";

/** What became of a lease that was to be taken away. */
export interface UnlockReport {
  readonly version: 1;
  readonly environment: string;
  readonly target: string;
  /** `free`: nobody holds it, or nobody any more; `refused`: whoever was asked said no. */
  readonly outcome: "broken" | "free" | "refused" | "interrupted";
  /** Who had it; null where nobody did. */
  readonly holder: Holder | null;
  readonly takenAt: string | null;
  readonly expiresAt: string | null;
}

interface UnlockRequest {
  readonly environment: string;
  readonly io: CommandIo;
  readonly mayAsk: boolean;
  readonly yes: boolean;
  readonly reason: string | undefined;
}

/**
 * Shows who holds the lease, asks, and takes it away.
 *
 * @throws UserError when there is a lease and no reason, or nobody to ask
 * @throws ReleaseError `conflict` when somebody else has the lease by the time of the answer
 */
export async function breakLease(
  { ledger, target, repository, principal }: CommandLedger,
  { environment, io, mayAsk, yes, reason }: UnlockRequest,
): Promise<UnlockReport> {
  const lease = (await ledger.head())?.lease ?? null;
  const report = (outcome: UnlockReport["outcome"]): UnlockReport => ({
    ...{ version: 1, environment, target: target.label, outcome },
    ...{ holder: lease?.holder ?? null, takenAt: lease?.takenAt ?? null, expiresAt: lease?.expiresAt ?? null },
  });
  if (lease === null || isOver(lease)) {
    return report("free");
  }
  const words = leaseWords(environment, lease);
  const command = `slipway unlock ${environment}${target.flags} --reason '${reason ?? "WHY"}'`;
  if (reason === undefined) {
    throw new UserError(`--reason: is missing. ${words} To take it away: ${command}`);
  }
  if (!yes) {
    if (io.ask === undefined || !mayAsk) {
      throw new UserError(
        `--yes: is missing, and nobody can be asked here. ${words} To take it away: ${command} --yes`,
      );
    }
    const question = `${wrapText(escapeControls(words), io.columns, "").join("\n")}\nWhat it has begun is left as it is. Type "unlock ${environment}" to take it away: `;
    const answer = await io.ask(question);
    if (answer === undefined) {
      return report("interrupted");
    }
    if (answer.trim() !== `unlock ${environment}`) {
      return report("refused");
    }
  }
  // At night STS may be what does not answer: then the name has to do.
  const by = await thisActor({ repository, env: io.env, principal: () => principal().catch(() => "") });
  const broken = await ledger.breakLease(lease, { by, reason });
  return report(broken === undefined ? "free" : "broken");
}

/** Whoever comes next takes it without being told to. */
function isOver(lease: LeaseRecord): boolean {
  return !leaseIsHeld(lease, systemClock.now()) || holderIsGone(lease.holder);
}

/** Who holds the lease, in two sentences. */
export function leaseWords(environment: string, { holder, takenAt, expiresAt }: LeaseRecord): string {
  const { actor, command, host, pid } = holder;
  const left = Date.parse(expiresAt) - systemClock.now();
  return `${actor.name} holds the lease of ${environment} since ${takenAt}, with \`${command}\` on ${host} (process ${pid}). It gave its last sign of life so that the lease is good for another ${formatSpan(left)}, and renews it while it lives.`;
}

export function renderUnlock(
  { environment, target, outcome, holder }: UnlockReport,
  flags: string,
  columns: number,
): string {
  const say = (text: string) => `${wrapText(escapeControls(text), columns, "").join("\n")}\n`;
  switch (outcome) {
    case "broken":
      return say(
        `The lease of ${environment} on ${target} was taken away from ${holder?.actor.name}; what still runs there can change nothing any more. Next: slipway status ${environment}${flags}`,
      );
    case "refused":
      return say(`Nothing was changed: ${holder?.actor.name} keeps the lease of ${environment}.`);
    default:
      return say(
        holder === null
          ? `Nobody holds the lease of ${environment} on ${target}. Nothing was changed.`
          : `The lease of ${holder.actor.name} on ${environment} is over, so the next command takes it by itself. Nothing was changed.`,
      );
  }
}
