import { type IncidentSignal, type LedgerBody, type LedgerEntry, ledgerEntrySchema } from "@slipway/contracts";
import { planRelease } from "@slipway/release-plan";
import type { IncidentRecord } from "../../incident-record.ts";
import { incidents } from "../../incidents.ts";

const MINUTE_MS = 60_000;
const BEGAN = Date.UTC(2026, 10, 28, 12);
const HASH = "0".repeat(64);

/** Answers with 5xx at a stage. */
export const ERRORS: IncidentSignal = {
  ...{ id: "errors api shop/prod", kind: "errors", resource: { type: "api", name: "shop/prod" } },
  ...{ what: "12 % of answers of shop/prod were 5xx, at most 1 % allowed", since: "2026-11-28T12:05:00.000Z" },
  ...{ value: 12, limit: 1, unit: "%" },
};

/** Answers that take too long. */
export const SLOW: IncidentSignal = {
  ...{ id: "latency api shop/prod", kind: "latency", resource: { type: "api", name: "shop/prod" } },
  ...{ what: "30 % of answers of shop/prod took longer than 1000 ms", since: "2026-11-28T12:06:00.000Z" },
};

/** Entries of the ledger of `prod` in which releases and an incident happen, at minutes that are said. */
export class IncidentStory {
  readonly entries: LedgerEntry[] = [];
  #releases = 0;

  /** ISO time so many minutes after the story began. */
  at(minute: number): string {
    return new Date(BEGAN + minute * MINUTE_MS).toISOString();
  }

  tell(minute: number, body: LedgerBody, by = "slipway", release: string | null = null): void {
    const sequence = this.entries.length + 1;
    this.entries.push(
      ledgerEntrySchema.parse({
        ...{ version: 1, environment: "prod", sequence, at: this.at(minute), by: { name: by }, token: null, release },
        ...{ body, previous: HASH, hash: HASH },
      }),
    );
  }

  /** A release that goes live. @returns its id */
  deploy(minute: number): string {
    const [release, previous] = [`r${this.#releases + 1}`, this.#releases === 0 ? null : `r${this.#releases}`];
    this.#releases += 1;
    const source = { commit: "a".repeat(40), tree: "b".repeat(40), dirty: false };
    const plan = planRelease(
      { environment: "prod", release, source, previous, functions: ["orders"] },
      { approvals: 0, canary: [{ percent: 10, holdSeconds: 60 }] },
    );
    this.tell(minute, { type: "release.started", plan, authors: ["Jane"] }, "Jane", release);
    this.#finish(minute, release, "traffic.promote", "all of the traffic goes to it");
    this.#end(minute, release, "live", "it answers");
    return release;
  }

  /** The newest release is put back. */
  putBack(minute: number): void {
    const release = `r${this.#releases}`;
    this.tell(minute, { type: "release.putting-back", reason: "Jane wants it back" }, "Jane", release);
    this.#finish(minute, release, "traffic.restore", "the traffic is where it was");
    this.#end(minute + 1, release, "put-back", "Jane wants it back");
  }

  /** A release of its own goes back to an earlier one. */
  rollBack(minute: number, to: string): void {
    const from = `r${this.#releases}`;
    this.#releases += 1;
    const release = `r${this.#releases}`;
    const facts = { environment: "prod", release, previous: from, functions: ["orders"] };
    const source = { commit: "a".repeat(40), tree: "b".repeat(40), dirty: false };
    const plan = {
      ...planRelease({ ...facts, source }, { approvals: 0, canary: [] }),
      rollsBack: { from, to, parts: ["code" as const], functions: [] },
    };
    this.tell(minute, { type: "release.started", plan, authors: [] }, "Jane", release);
    this.#finish(minute, release, "traffic.return", `the traffic is at ${to}`);
    this.#end(minute + 1, release, "live", "it answers");
  }

  open(minute: number, more: Partial<Extract<LedgerBody, { type: "incident.opened" }>> = {}): void {
    this.tell(minute, {
      ...{ type: "incident.opened", incident: "i1", title: "5xx at shop/prod", severity: 2, openedBy: "rule" },
      ...{ reasons: ["12 % of requests fail"], startedAt: this.at(minute - 2), signals: [ERRORS] },
      ...more,
    });
  }

  resolve(minute: number, more: Partial<Extract<LedgerBody, { type: "incident.resolved" }>> = {}): void {
    const verdict = { status: "successful", reason: "0 of 400 failed in 5 minutes", numbers: {} } as const;
    this.tell(minute, {
      ...{ type: "incident.resolved", incident: "i1", resolvedAt: this.at(minute - 5), verdict },
      ...more,
    });
  }

  record(id = "i1"): IncidentRecord {
    const record = incidents(this.entries).find((each) => each.id === id);
    if (record === undefined) {
      throw new Error(`there is no ${id}`);
    }
    return record;
  }

  #finish(
    minute: number,
    release: string,
    kind: "traffic.promote" | "traffic.restore" | "traffic.return",
    summary: string,
  ) {
    const step = { step: kind, kind };
    this.tell(minute, { type: "step.started", ...step, attempt: 1 }, "Jane", release);
    this.tell(minute, { type: "step.finished", ...step, outcome: "done", summary, durationMs: 1 }, "Jane", release);
  }

  #end(minute: number, release: string, outcome: "live" | "put-back", reason: string) {
    this.tell(minute, { type: "release.ended", outcome, reason, functions: [] }, "Jane", release);
  }
}

/** An incident from a bad release to its end: detected by rule, answered by Jane, mitigated by an automatic rollback, resolved by numbers. */
export function wholeStory(): IncidentStory {
  const story = new IncidentStory();
  story.deploy(0);
  story.deploy(3);
  const incident = "i1";
  story.open(7);
  story.tell(8, { type: "incident.acknowledged", incident }, "Jane");
  story.tell(8, { type: "incident.role", incident, role: "commander", person: "Jane" }, "Jane");
  story.tell(9, { type: "incident.observed", incident, signals: [ERRORS, SLOW] });
  const because = "r2 went live 2 min before";
  story.tell(10, {
    ...{ type: "incident.investigated", incident },
    suspects: [{ release: "r2", likelihood: 0.93, part: "code", changedAt: story.at(3), reasons: [because] }],
    proposal: { kind: "rollback-code", because, command: "slipway rollback prod", safe: true },
    withoutSources: [{ source: "costs", why: "too late" }],
  });
  story.tell(11, {
    ...{ type: "incident.action-started", incident, action: "a1", kind: "rollback-code", automatic: true },
    ...{ command: "slipway rollback prod", because },
  });
  story.putBack(11);
  story.tell(13, {
    ...{ type: "incident.action-ended", incident, action: "a1", outcome: "done", release: "r2" },
    found: "r2 was put back",
  });
  story.tell(13, { type: "incident.observed", incident, signals: [] });
  const sent = { moment: "incident-opened", incident, channel: "topic", outcome: "sent" } as const;
  story.tell(14, { type: "notification.sent", ...sent });
  story.tell(15, { type: "incident.noted", incident, about: "update", text: "It is being looked into." }, "Jane");
  story.resolve(20);
  return story;
}
