import { ReleaseError } from "../../release-error.ts";
import type { ChecklistCheck, ChecklistFinding } from "../checklist-check.ts";
import type { ChecklistFacts } from "../checklist-facts.ts";
import { deployedInputs, HOUR_MS, MINUTE_MS } from "./inputs.ts";

export const databaseBackup: ChecklistCheck = {
  name: "database-backup",
  section: "Backup & Recovery",
  title: "Database backup created",
  pace: "quick",
  lifetimeMs: 15 * MINUTE_MS,
  inputs: deployedInputs,
  async judge(facts): Promise<ChecklistFinding[]> {
    const { config } = facts.subject;
    if (!config.protected) {
      return [{ status: "pass", found: "the environment is not protected: nothing in it has to outlive a mistake" }];
    }
    const tables = ((await facts.state())?.resources ?? [])
      .filter(({ type }) => type === "aws_dynamodb_table")
      .flatMap(({ attributes: { name } }) => (typeof name === "string" ? [name] : []));
    if (tables.length === 0) {
      return [{ status: "pass", found: "no table is deployed yet: there is nothing to lose" }];
    }
    return Promise.all(tables.map((table) => judgeTable(facts, table)));
  },
};

async function judgeTable({ ports, subject, signal }: ChecklistFacts, table: string): Promise<ChecklistFinding> {
  const command = `slipway backup ${subject.environment} create --table ${table}${subject.flags}`;
  try {
    const { pointInTime, newestBackup } = await ports.recovery.ofTable(table, signal);
    if (pointInTime !== null) {
      const since = pointInTime.since === null ? "" : ` of the time since ${minute(pointInTime.since)}`;
      return { subject: table, status: "pass", found: `it can be brought back to any second${since}` };
    }
    const { freshHours } = subject.config.release.checklist.backup;
    if (newestBackup === null) {
      const found = "it has neither point-in-time recovery nor a backup";
      return { subject: table, status: "fail", found, next: command };
    }
    const age = subject.now - newestBackup.createdAt;
    const found = `without point-in-time recovery; its newest backup is of ${minute(newestBackup.createdAt)}, ${newestBackup.arn}`;
    return age <= freshHours * HOUR_MS
      ? { subject: table, status: "pass", found }
      : { subject: table, status: "fail", found: `${found}; at most ${freshHours} h are allowed`, next: command };
  } catch (error) {
    if (error instanceof ReleaseError && error.kind !== "interrupted") {
      return { subject: table, status: "unknown", found: `${error.what}: ${error.why}`, next: error.next };
    }
    throw error;
  }
}

function minute(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
