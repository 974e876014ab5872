import { type LedgerEntry, type NotableItem, type RollbackItem, stepResultSchemas } from "@slipway/contracts";
import type { ReleaseRecord } from "../ledger/release-record.ts";

/** A line of the checklist, as it stands. */
export interface ChecklistLine {
  readonly item: RollbackItem;
  readonly title: string;
  readonly state: "done" | "to-do" | "bad";
  /** What the ledger has of it; where it is to do, what to do. */
  readonly found: string;
}

/** The lines of the guide's rollback checklist, in its words and its order. */
export const rollbackItemTitles: Readonly<Record<RollbackItem, string>> = {
  "root-cause": "Identified root cause of issue",
  plan: "Prepared rollback plan",
  stakeholders: "Notified stakeholders",
  executed: "Executed rollback steps",
  verified: "Verified rollback was successful",
  monitored: "Monitored for issues",
  documented: "Documented incident",
  "post-mortem": "Scheduled post-mortem",
};

/** Whether a release is a rollback, or was put back: then the guide has a checklist for it. */
export function hasRollbackChecklist({ plan, state, puttingBack }: ReleaseRecord): boolean {
  return plan.rollsBack !== undefined || puttingBack !== undefined || state === "put-back";
}

/**
 * The guide's rollback checklist of a release: what the ledger has seen of it, and what people have noted.
 *
 * @param entries of the ledger, those of the release among them
 * @param flags what commands to type next need after the environment's name: empty, or with a space before it
 */
export function rollbackChecklist(
  record: ReleaseRecord,
  entries: readonly LedgerEntry[],
  flags: string,
): readonly ChecklistLine[] {
  const own = entries.filter(({ release }) => release === record.id);
  const noted = (item: NotableItem): string | undefined => {
    const last = own.findLast(({ body }) => body.type === "rollback.noted" && body.item === item);
    return last?.body.type === "rollback.noted" ? `${last.body.text} (${last.by.name}, ${last.at})` : undefined;
  };
  const toNote = (item: NotableItem) => ({
    state: "to-do" as const,
    found: `slipway note ${record.plan.environment} ${item} "..." --release ${record.id}${flags}`,
  });
  const people = (item: NotableItem) => {
    const text = noted(item);
    return text === undefined ? toNote(item) : { state: "done" as const, found: text };
  };
  const of: Readonly<Record<RollbackItem, () => Pick<ChecklistLine, "state" | "found">>> = {
    "root-cause": () => people("root-cause"),
    plan: () => planned(record),
    stakeholders: () => told(own) ?? people("stakeholders"),
    executed: () => executed(record),
    verified: () => verified(record, flags),
    monitored: () => monitored(record, flags) ?? people("monitored"),
    documented: () => people("documented"),
    "post-mortem": () => people("post-mortem"),
  };
  return (Object.keys(rollbackItemTitles) as RollbackItem[]).map((item) => ({
    item,
    title: rollbackItemTitles[item],
    ...of[item](),
  }));
}

type Found = Pick<ChecklistLine, "state" | "found">;

function planned({ plan, puttingBack, startedBy, startedAt }: ReleaseRecord): Found {
  const { rollsBack } = plan;
  return {
    state: "done",
    found:
      rollsBack === undefined
        ? `put the release back to ${plan.previous ?? "what ran before it"}: ${puttingBack ?? "it was judged bad"}`
        : `from ${rollsBack.from} to ${rollsBack.to}, ${plan.steps.length} steps, by ${startedBy} at ${startedAt}`,
  };
}

function told(own: readonly LedgerEntry[]): Found | undefined {
  const sent = own.flatMap(({ body, at }) =>
    body.type === "notification.sent" && body.outcome === "sent" ? [`${body.moment} to ${body.channel} at ${at}`] : [],
  );
  const last = sent.at(-1);
  return last === undefined ? undefined : { state: "done", found: `${sent.length} sent, the last: ${last}` };
}

function executed({ state, endedAt, reason }: ReleaseRecord): Found {
  const isOver = state === "live" || state === "put-back" || state === "done" || state === "superseded";
  return isOver
    ? { state: "done", found: `${state === "put-back" ? "put back" : "done"} at ${endedAt}` }
    : {
        state: state === "failed" ? "bad" : "to-do",
        found: `it is ${state}${reason === undefined ? "" : `: ${reason}`}`,
      };
}

function verified({ id, plan, steps }: ReleaseRecord, flags: string): Found {
  const step = [...steps.values()].findLast(({ kind }) => kind === "traffic.verify");
  const result = stepResultSchemas["traffic.verify"].safeParse(step?.result).data;
  if (result === undefined) {
    return { state: "to-do", found: `slipway validate ${plan.environment}${flags} looks at what runs; ${id} has not` };
  }
  const states = { pass: "done", fail: "bad", unknown: "to-do" } as const;
  return { state: states[result.verdict], found: step?.summary ?? result.verdict };
}

function monitored({ plan, state, checkpoints }: ReleaseRecord, flags: string): Found | undefined {
  const windows = plan.steps.flatMap(({ window }) => window ?? []);
  const judged = windows.flatMap((window) => {
    const checkpoint = checkpoints[window];
    return checkpoint === undefined ? [] : [{ window, ...checkpoint }];
  });
  // Those of a release that was put back say nothing about what runs now.
  if (state === "put-back" || windows.length === 0) {
    return undefined;
  }
  if (judged.length === 0) {
    return { state: "to-do", found: `slipway watch ${plan.environment}${flags} judges it at its checkpoints` };
  }
  const words = judged.map(({ window, verdict }) => `${window} ${verdict}`).join(", ");
  const isBad = judged.some(({ verdict }) => verdict === "fail");
  const isAll = judged.length === windows.length && judged.every(({ verdict }) => verdict === "pass");
  return { state: isBad ? "bad" : isAll ? "done" : "to-do", found: `checkpoints: ${words}` };
}
