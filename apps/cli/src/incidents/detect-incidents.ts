import type { Actor, IncidentLookReport } from "@slipway/contracts";
import {
  type IncidentLook,
  incidents,
  LookMemory,
  lookForIncidents,
  type ReleaseError,
  watchIncidents,
} from "@slipway/release-engine";
import type { CommandIo } from "../command.ts";
import { escapeControls, escapeControlsInJson } from "../terminal/escape-controls.ts";
import { lookReport } from "./look-report.ts";
import type { OpenIncidents } from "./open-incidents.ts";
import { openLook } from "./open-look.ts";
import { openPeople } from "./open-people.ts";
import { openResponse, responseLines } from "./open-response.ts";
import { renderLook, sameAs } from "./render-look.ts";

export interface DetectRequest {
  readonly watch: boolean;
  readonly output: "text" | "json";
}

/**
 * Looks at an environment, once or every minute until Ctrl-C, finds out about what is not well, does what may be done without a person, and
 * prints what was found: each look as JSON, as text those that are other than the one before.
 *
 * @returns what the last look came to; undefined where there was none
 */
export async function detectIncidents(
  open: OpenIncidents,
  io: CommandIo,
  { watch, output }: DetectRequest,
): Promise<IncidentLook["outcome"] | undefined> {
  const { environment, config, ledger, target, opened } = open;
  const [looking, by] = await Promise.all([openLook(opened, environment, io.signal), open.by()]);
  const people = openPeople(open, io);
  let last: IncidentLookReport | undefined;
  const show = (look: IncidentLook): void => {
    const report = lookReport(look, { environment, target, config: config.incidents });
    if (output === "json") {
      io.stdout.write(`${escapeControlsInJson(JSON.stringify(report))}\n`);
    } else if (!sameAs(last, report)) {
      io.stdout.write(`${last === undefined ? "" : "\n"}${renderLook(report, io.columns)}`);
    }
    last = report;
  };
  const response = openResponse({ opened, looking, environment, io });
  const take = async (look: IncidentLook): Promise<void> => {
    const responded = await response.respond({ by, automatic: true, seen: look.incidents });
    // What was found out and done since the look is a part of what there is.
    show(responded.length === 0 ? look : { ...look, incidents: incidents(await ledger.read(io.signal)) });
    for (const line of responseLines(responded)) {
      io.stderr.write(`${escapeControls(line)}\n`);
    }
  };
  const asked = (subject: typeof looking.subject, who: Actor) => ({ ...subject, by: who, flags: target.flags });
  const ports = { ...looking.ports, ledger, announcer: people.announcer };
  try {
    if (!watch) {
      const memory = new LookMemory();
      await take(await lookForIncidents(ports, { ...asked(looking.subject, by), memory, signal: io.signal }));
      return last?.outcome;
    }
    await watchIncidents(ports, {
      subject: async () => asked(last === undefined ? looking.subject : await looking.again(), by),
      signal: io.signal,
      onLook: take,
      onTrouble: ({ what, why }: ReleaseError) =>
        void io.stderr.write(`${escapeControls(`${what}: ${why}; it is looked again in a minute`, { lines: true })}\n`),
    });
    return last?.outcome;
  } finally {
    people.close();
    looking.close();
  }
}
