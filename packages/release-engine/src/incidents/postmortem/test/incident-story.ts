import type { IncidentSignal, LedgerBody, LedgerEntry } from "@slipway/contracts";
import { ReleaseLab } from "../../../test/release-lab.ts";
import type { IncidentRecord } from "../../incident-record.ts";
import { incidents } from "../../incidents.ts";

const MINUTE_MS = 60_000;

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

/** A ledger of `prod` in which releases and an incident happen, at minutes that are said. */
export class IncidentStory {
  readonly lab = new ReleaseLab(["orders"]);
  readonly #began = this.lab.clock.now();

  /** ISO time so many minutes after the story began. */
  at(minute: number): string {
    return new Date(this.#began + minute * MINUTE_MS).toISOString();
  }

  /** Lets time pass until so many minutes after the story began. */
  go(minute: number): void {
    const milliseconds = this.#began + minute * MINUTE_MS - this.lab.clock.now();
    if (milliseconds < 0) {
      throw new Error(`minute ${minute} is over`);
    }
    this.lab.clock.advance(milliseconds);
  }

  async tell(minute: number, body: LedgerBody, by = "slipway"): Promise<void> {
    this.go(minute);
    await this.lab.ledger.append({ by: { name: by }, release: null, body });
  }

  open(minute: number, more: Partial<Extract<LedgerBody, { type: "incident.opened" }>> = {}): Promise<void> {
    return this.tell(minute, {
      ...{ type: "incident.opened", incident: "i1", title: "5xx at shop/prod", severity: 2, openedBy: "rule" },
      ...{ reasons: ["12 % of requests fail"], startedAt: this.at(minute - 2), signals: [ERRORS] },
      ...more,
    });
  }

  resolve(minute: number, more: Partial<Extract<LedgerBody, { type: "incident.resolved" }>> = {}): Promise<void> {
    const verdict = { status: "successful", reason: "0 of 400 failed in 5 minutes", numbers: {} } as const;
    return this.tell(minute, {
      ...{ type: "incident.resolved", incident: "i1", resolvedAt: this.at(minute - 5), verdict },
      ...more,
    });
  }

  entries(): Promise<readonly LedgerEntry[]> {
    return this.lab.ledger.read();
  }

  async record(id = "i1"): Promise<IncidentRecord> {
    const record = incidents(await this.entries()).find((each) => each.id === id);
    if (record === undefined) {
      throw new Error(`there is no ${id}`);
    }
    return record;
  }
}

/** An incident from a bad release to its end: detected by rule, answered by Jane, mitigated by an automatic rollback, resolved by numbers. */
export async function wholeStory(): Promise<IncidentStory> {
  const story = new IncidentStory();
  await story.lab.deploy();
  story.go(3);
  await story.lab.deploy();
  story.go(6);
  const incident = "i1";
  await story.open(7);
  await story.tell(8, { type: "incident.acknowledged", incident }, "Jane");
  await story.tell(8, { type: "incident.role", incident, role: "commander", person: "Jane" }, "Jane");
  await story.tell(9, { type: "incident.observed", incident, signals: [ERRORS, SLOW] });
  const because = "r2 went live 1 min before";
  await story.tell(10, {
    ...{ type: "incident.investigated", incident },
    suspects: [{ release: "r2", likelihood: 0.93, part: "code", changedAt: story.at(5), reasons: [because] }],
    proposal: { kind: "rollback-code", because, command: "slipway rollback prod", safe: true },
    withoutSources: [{ source: "costs", why: "too late" }],
  });
  await story.tell(11, {
    ...{ type: "incident.action-started", incident, action: "a1", kind: "rollback-code", automatic: true },
    ...{ command: "slipway rollback prod", because },
  });
  await story.lab.rollback();
  await story.tell(13, {
    ...{ type: "incident.action-ended", incident, action: "a1", outcome: "done", release: "r2" },
    found: "r2 was put back",
  });
  await story.tell(13, { type: "incident.observed", incident, signals: [] });
  await story.tell(14, {
    ...{ type: "notification.sent", moment: "incident-opened", incident, channel: "topic", outcome: "sent" },
  });
  await story.tell(15, { type: "incident.noted", incident, about: "update", text: "It is being looked into." }, "Jane");
  await story.resolve(20);
  return story;
}
