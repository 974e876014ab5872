import type { Announcer } from "@slipway/release-engine";
import { openAnnouncer } from "../release/open-announcer.ts";
import { escapeControls } from "../terminal/escape-controls.ts";
import type { OpenIncidents } from "./open-incidents.ts";

/** The ways in which people are told of incidents. Whether each was told, whoever sits there sees. */
export function openPeople({
  config,
  ledger,
  opened,
  io,
}: Pick<OpenIncidents, "config" | "ledger" | "opened" | "io">): { readonly announcer: Announcer; close(): void } {
  const { redactor, credentials } = opened;
  const { region, endpoint } = opened.target;
  return openAnnouncer({
    ...{ config: config.release.notifications, env: io.env, redactor },
    client: { region, ...(endpoint === undefined ? {} : { endpoint }), ...(credentials && { credentials }) },
    readEntries: () => ledger.read(),
    onLine: (text) => void io.stderr.write(`${escapeControls(text)}\n`),
  });
}
