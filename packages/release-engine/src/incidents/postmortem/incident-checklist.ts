import { type IncidentChecklistLine, type IncidentItem, incidentItems, type LedgerEntry } from "@slipway/contracts";
import { releases } from "../../ledger/releases.ts";
import type { IncidentRecord } from "../incident-record.ts";
import { curesOf } from "./cures-of.ts";

/** As the guide words them ("Incident Response Checklist"). */
export const incidentItemTitles: Readonly<Record<IncidentItem, string>> = {
  classified: "Incident detected and classified",
  stakeholders: "Stakeholders notified",
  "root-cause": "Root cause identified",
  fix: "Fix implemented and tested",
  deployed: "Fix deployed to production",
  verified: "Resolution verified",
  documented: "Incident documented",
  "post-mortem": "Post-mortem scheduled",
  preventive: "Preventive measures identified",
  documentation: "Documentation updated",
};

type Found = Pick<IncidentChecklistLine, "state" | "found">;

/** What commands to type next need. */
export interface ChecklistPlace {
  readonly environment: string;
  /** After the environment's name: empty, or with a space before it. */
  readonly flags: string;
}

/**
 * The guide's incident response checklist: what the ledger has seen of it, and what people have noted; their word counts before what the
 * ledger has seen only the beginning of.
 *
 * @param entries of the ledger, the incident's among them
 */
export function incidentChecklist(
  record: IncidentRecord,
  entries: readonly LedgerEntry[],
  place: ChecklistPlace,
): readonly IncidentChecklistLine[] {
  const noted = (item: IncidentItem): Found | undefined => {
    const last = record.notes.findLast(({ about }) => about === item);
    return last && { state: "done", found: `${last.text} (${last.by}, ${last.at})` };
  };
  const people = (item: IncidentItem): Found =>
    noted(item) ?? {
      state: "to-do",
      found: `slipway incident note ${place.environment} ${record.id} "..." --about ${item}${place.flags}`,
    };
  const of: Readonly<Record<IncidentItem, () => Found>> = {
    classified: () => classified(record),
    stakeholders: () => told(record, entries) ?? people("stakeholders"),
    "root-cause": () => noted("root-cause") ?? suspected(record, people("root-cause")),
    fix: () => noted("fix") ?? acted(record) ?? people("fix"),
    deployed: () => noted("deployed") ?? deployed(record, entries, people("deployed")),
    verified: () => verified(record, place),
    documented: () => people("documented"),
    "post-mortem": () => people("post-mortem"),
    preventive: () => noted("preventive") ?? planned(record) ?? people("preventive"),
    documentation: () => people("documentation"),
  };
  return incidentItems.map((item) => ({ item, title: incidentItemTitles[item], ...of[item]() }));
}

function classified({ severity, reasons, classifiedBy, openedAt, openedBy }: IncidentRecord): Found {
  const who = classifiedBy === "rule" ? "by rule" : "by people";
  return {
    state: "done",
    found: `severity ${severity} ${who}: ${reasons.join("; ")} (opened by ${openedBy}, ${openedAt})`,
  };
}

function told({ id, notes }: IncidentRecord, entries: readonly LedgerEntry[]): Found | undefined {
  const sent = entries.flatMap(({ body, at }) =>
    body.type === "notification.sent" && body.incident === id && body.outcome === "sent"
      ? [`${body.moment} to ${body.channel} at ${at}`]
      : [],
  );
  const updates = notes.filter(({ about }) => about === "update").length;
  const last = sent.at(-1);
  return last === undefined
    ? undefined
    : { state: "done", found: `${sent.length} sent, ${updates} of people's updates; the last: ${last}` };
}

/** Whom the numbers suspect is no cause that somebody has identified. */
function suspected({ suspects }: IncidentRecord, toDo: Found): Found {
  const [first] = suspects;
  return first === undefined
    ? toDo
    : {
        state: "to-do",
        found: `${first.release} is suspected (${Math.round(first.likelihood * 100)} %): ${first.reasons[0]}. When it is known: ${toDo.found}`,
      };
}

function acted({ actions }: IncidentRecord): Found | undefined {
  const done = actions.findLast(({ state }) => state === "done");
  const last = done ?? actions.at(-1);
  if (last === undefined) {
    return undefined;
  }
  const found = `${last.command}: ${last.found ?? last.state} (${last.by}, ${last.endedAt ?? last.startedAt})`;
  return { state: last.state === "done" ? "done" : last.state === "failed" ? "bad" : "to-do", found };
}

function deployed({ actions, startedAt }: IncidentRecord, entries: readonly LedgerEntry[], toDo: Found): Found {
  const byAction = actions.findLast(({ state, release }) => state === "done" && release !== undefined);
  if (byAction !== undefined) {
    return { state: "done", found: `${byAction.release} at ${byAction.endedAt}: ${byAction.found}` };
  }
  const cure = curesOf(entries, startedAt).at(-1);
  if (cure !== undefined) {
    const { id, plan, state } = cure.release;
    const what = plan.rollsBack === undefined ? `${id} was put back` : `${id} took it back to ${plan.rollsBack.to}`;
    return { state: "done", found: `${what} at ${cure.at}; it is ${state}` };
  }
  // Whether what somebody has released since is the fix, people know.
  const later = releases(entries).findLast(({ wasLive, startedAt: at }) => wasLive === true && at >= startedAt);
  return later === undefined
    ? toDo
    : {
        state: "to-do",
        found: `${later.id} went live at ${later.liveAt ?? later.endedAt}. If it is the fix: ${toDo.found}`,
      };
}

function verified({ id, state, resolution }: IncidentRecord, { environment, flags }: ChecklistPlace): Found {
  if (resolution === undefined) {
    return {
      state: "to-do",
      found: `it is ${state}: slipway incident resolve ${environment} ${id}${flags} asks the numbers`,
    };
  }
  const { verdict, override, by } = resolution;
  return override === undefined
    ? { state: verdict.status === "failed" ? "bad" : "done", found: verdict.reason }
    : { state: "done", found: `${by} says so: ${override}. The numbers: ${verdict.reason}` };
}

function planned({ notes }: IncidentRecord): Found | undefined {
  const items = notes.filter(({ about }) => about === "action-item");
  const last = items.at(-1);
  return (
    last && { state: "done", found: `${items.length} action items, the last: ${last.text} (${last.by}, ${last.at})` }
  );
}
