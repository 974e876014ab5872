import type { Actor, IncidentSignal, LedgerEntry } from "@slipway/contracts";
import { ManualClock } from "@slipway/testing";
import type { Ledger } from "../../../ledger/ledger.ts";
import { openLedger } from "../../../ledger/open-ledger.ts";
import { MemoryLedgerTable } from "../../../ledger/test/memory-ledger-table.ts";
import { createRedactor } from "../../../redaction/create-redactor.ts";
import type { IncidentRecord } from "../../incident-record.ts";
import { incidents } from "../../incidents.ts";
import type { OpenRequest } from "../open-incident.ts";

/** When the laboratory's clock begins. */
export const STARTED = "2026-01-01T00:00:00.000Z";

export const jane: Actor = { name: "Jane" };
export const joe: Actor = { name: "Joe" };

/** A ledger in memory, which many processes may have opened, with a clock that is moved by hand. */
export class IncidentLab {
  readonly table = new MemoryLedgerTable();
  readonly clock = new ManualClock(Date.parse(STARTED));
  readonly redactor = createRedactor();

  /** As another process would open it. */
  ledger(): Ledger {
    const { clock, redactor } = this;
    return openLedger(this.table, { environment: "prod", clock, leaseClock: clock, redactor, leaseSeconds: 60 });
  }

  entries(): Promise<readonly LedgerEntry[]> {
    return this.ledger().read();
  }

  async records(): Promise<IncidentRecord[]> {
    return incidents(await this.entries());
  }

  /** What was written down, by its types without `incident.`. */
  async types(): Promise<string[]> {
    return (await this.entries()).map(({ body }) => body.type.replace("incident.", ""));
  }

  minutes(count: number): void {
    this.clock.advance(count * 60_000);
  }
}

export function signalOf(id: string, rest: Partial<IncidentSignal> = {}): IncidentSignal {
  const resource = { type: "api", name: "items-api-prod/prod" } as const;
  return { id, kind: "errors", resource, what: `12 % of ${id} fail, and 5 % may`, since: STARTED, ...rest };
}

export function opening(rest: Partial<OpenRequest> = {}): OpenRequest {
  return {
    ...{ by: jane, title: "Orders fail", severity: 3, reasons: ["2 % of 1,000 requests fail"], startedAt: STARTED },
    ...{ signals: [signalOf("errors api")], openedBy: "rule", ...rest },
  };
}
