import type { IncidentChange } from "@slipway/contracts";
import type { IncidentRecord, IncidentWrite, Told } from "@slipway/release-engine";
import type { CommandIo } from "../command.ts";
import { wrapText } from "../costs/wrap-text.ts";
import type { TargetOptions } from "../target/target-aws.ts";
import { escapeControls, escapeControlsInJson } from "../terminal/escape-controls.ts";
import { incidentSummary } from "./incident-summary.ts";
import { nextCommand } from "./incident-words.ts";
import { type OpenIncidents, withIncidents } from "./open-incidents.ts";
import { isOpen, whichIncident } from "./which-incident.ts";

export interface ChangeOptions extends TargetOptions {
  readonly output?: "text" | "json";
}

/** A change of an incident, and what people read of it. */
export interface Changed {
  readonly write: IncidentWrite;
  /** One or two sentences. */
  readonly said: string;
  /** Whether it is worth nothing that nobody was told. */
  readonly isForPeople?: boolean;
}

/**
 * Changes something about an incident, tells the people who have asked to be told, and prints how it is now.
 *
 * @returns the exit code: 0, also where the ledger said it already
 */
export function changeIncidents(
  options: ChangeOptions,
  io: CommandIo,
  environment: string,
  change: (open: OpenIncidents) => Promise<Changed>,
): Promise<number> {
  return withIncidents(options, io, environment, async (open) => {
    const { write, said, isForPeople = false } = await change(open);
    const messages = await open.tell([write]);
    const told = isForPeople && write.entry !== undefined ? toldWords(messages, environment) : "";
    const report = changeReport(open, write, messages);
    io.stdout.write(
      options.output === "json"
        ? `${escapeControlsInJson(JSON.stringify(report))}\n`
        : textOf(`${said}${told}`, report.next, io.columns),
    );
    return 0;
  });
}

/** The same for one that has to be there: the one that was named, or the only one that can be meant. */
export function changeIncident(
  options: ChangeOptions,
  io: CommandIo,
  { environment, id, isMeant = isOpen }: { environment: string; id: string | undefined; isMeant?: typeof isOpen },
  change: (record: IncidentRecord, open: OpenIncidents) => Promise<Changed>,
): Promise<number> {
  return changeIncidents(options, io, environment, async (open) => {
    const { incidents } = await import("@slipway/release-engine");
    const record = whichIncident(incidents(await open.ledger.read(io.signal)), id, open, isMeant);
    return change(record, open);
  });
}

function changeReport(
  { environment, target, config, clock }: OpenIncidents,
  { record, entry }: IncidentWrite,
  messages: Told,
): IncidentChange {
  const now = clock.now();
  return {
    ...{ version: 1, environment, target: target.label, now: new Date(now).toISOString() },
    ...incidentSummary(record, config.incidents, now),
    ...{ changed: entry !== undefined, messages, next: nextCommand(record, environment, target.flags) },
  };
}

function toldWords({ sent, failed }: Told, environment: string): string {
  const channels = (count: number) => `${count} ${count === 1 ? "channel" : "channels"}`;
  if (sent + failed === 0) {
    return ` NOBODY was told: environments.${environment}.release.notifications has no channel for it that is there.`;
  }
  return [
    ...(sent === 0 ? [] : [` Told on ${channels(sent)}.`]),
    ...(failed === 0 ? [] : [` NOT told on ${channels(failed)}.`]),
  ].join("");
}

function textOf(said: string, next: string | null, columns: number): string {
  const lines = [said, ...(next === null ? [] : [`Next: ${next}`])];
  return `${lines.flatMap((line) => wrapText(escapeControls(line), columns, "")).join("\n")}\n`;
}
