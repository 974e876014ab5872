import type { Announcer } from "@slipway/release-engine";
import type { CommandIo } from "../command.ts";
import { openAnnouncer } from "../release/open-announcer.ts";
import { openEnvironmentLedger } from "../release/open-ledger.ts";
import { escapeControls } from "../terminal/escape-controls.ts";
import type { OpenIncidents } from "./open-incidents.ts";

/** Opens the ways in which people are told of incidents; nobody's credentials are asked for before there is something to tell. */
export function openPeople(
  { config, environment, ledger, opened }: Pick<OpenIncidents, "config" | "environment" | "ledger" | "opened">,
  io: Pick<CommandIo, "env" | "stderr" | "signal">,
): { readonly announcer: Announcer; close(): void } {
  const { redactor, target } = opened;
  const { region, endpoint } = target;
  // On local AWS the role that looks after an environment has nothing to publish with: the one that deploys tells people.
  const credentials = target.isLocal ? () => deployCredentials(opened, environment, io) : opened.credentials;
  return openAnnouncer({
    ...{ config: config.release.notifications, env: io.env, redactor },
    client: { region, endpoint, credentials },
    readEntries: () => ledger.read(),
    onLine: (text) => void io.stderr.write(`${escapeControls(text)}\n`),
  });
}

async function deployCredentials(
  { config, target, redactor }: OpenIncidents["opened"],
  environment: string,
  { env, signal }: Pick<CommandIo, "env" | "signal">,
) {
  const deploy = await openEnvironmentLedger({ config, environment, target, env, signal, redactor, purpose: "deploy" });
  try {
    const { credentials } = deploy;
    if (credentials === undefined) {
      throw new Error("local AWS has roles");
    }
    return await credentials();
  } finally {
    deploy.close();
  }
}
