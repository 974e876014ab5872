import { findingName, stopsPlan } from "@slipway/analysis";
import { drilledDocuments } from "@slipway/contracts";
import type { DrilledCommand, DrillGround } from "../ports/drill-stage.ts";
import { demand } from "./demand.ts";

/** It waits for people. */
const WAITS = 3;
/** More than anybody asks for. */
const MOST_PEOPLE = 6;
/** Before the apply, and after it, where only then something could be told. */
const MOST_ROUNDS = 2;
const LEAST_DIGITS = 12;

/** What came of a command that people have to approve. */
export interface ApprovedCommand {
  /** As it was typed the last time. */
  readonly ran: DrilledCommand;
  /** Of each time that it was typed. */
  readonly durationMs: number;
  /** Why it still waits. */
  readonly reason?: string;
  /** Who has said yes, and to what, in words before others: empty where nobody was asked. */
  readonly approvals: string;
}

/**
 * Types a command, and lets people whom the drill makes up approve what it waits with, in the ledger of the drill's own local AWS: whether the
 * way leads back shall not stay unknown because approvals are asked for. What they have said yes to is said wherever the proof is shown:
 * it is for real people to decide when it counts.
 *
 * @throws {DrillFailure} when a plan waits, and its documents do not say which
 */
export async function typeAndApprove(
  { environment, slipway }: Pick<DrillGround, "environment" | "slipway">,
  words: readonly string[],
): Promise<ApprovedCommand> {
  const accepted = new Set<string>();
  let people = 0;
  let durationMs = 0;
  for (let round = 0; ; round += 1) {
    const ran = await slipway(words);
    durationMs += ran.durationMs;
    const approvals = people === 0 ? "" : approvalWords(people, accepted);
    const report = drilledDocuments.rollback.safeParse(ran.document).data;
    if (ran.code !== WAITS || report?.outcome !== "paused") {
      return { ran, durationMs, approvals };
    }
    const refused = round === MOST_ROUNDS ? undefined : await approve();
    if (round === MOST_ROUNDS || refused !== undefined) {
      const reason = [report.reason, ...(refused === undefined ? [] : [refused])].join("; ");
      return { ran, durationMs, approvals, reason };
    }
  }

  /** @returns why not */
  async function approve(): Promise<string | undefined> {
    const shown = await slipway(["show", environment]);
    const { plans, settled } = demand(shown, drilledDocuments.waiting);
    const summary = plans.at(-1)?.summary;
    const digest = summary?.planDigest ?? "";
    const after = settled.findLast(({ planDigest }) => planDigest === digest)?.findings ?? [];
    const stopping = [
      ...(summary?.findings ?? []).filter(stopsPlan),
      ...after.filter(({ severity }) => severity === "high"),
    ];
    const accepts = stopping.flatMap(({ id, address }) => ["--accept", id, address]);
    let why: string | undefined;
    for (let person = 1; person <= MOST_PEOPLE; person += 1) {
      const plan = ["--plan", digest.slice(0, LEAST_DIGITS)];
      const ran = await slipway(["approve", environment, ...plan, ...accepts], { as: person });
      const said = ran.code === 0 ? drilledDocuments.approved.safeParse(ran.document).data : undefined;
      if (said === undefined) {
        return `${ran.command} ended with ${ran.code}: ${ran.said.trim()}`;
      }
      people = Math.max(people, person);
      for (const finding of stopping) {
        accepted.add(findingName(finding));
      }
      if (said.isApproved) {
        return undefined;
      }
      why = said.ignored.at(-1)?.why;
    }
    return `the approvals of ${MOST_PEOPLE} people are not enough${why === undefined ? "" : `: ${why}`}`;
  }
}

function approvalWords(people: number, accepted: ReadonlySet<string>): string {
  const by = people === 1 ? "1 person whom" : `${people} people whom`;
  const names = accepted.size === 0 ? "" : `, who accepted ${[...accepted].join(", ")} by name`;
  return `approved in the drill's own ledger by ${by} the drill has made up${names}; `;
}
