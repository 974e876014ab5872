import type {
  ActionKind,
  IncidentImpact,
  IncidentItem,
  IncidentRole,
  IncidentSignal,
  Proposal,
  Severity,
  Suspect,
  Verdict,
} from "@slipway/contracts";

/** Something that was done about an incident. */
export interface IncidentAction {
  /** `a1`. */
  readonly id: string;
  readonly kind: ActionKind;
  readonly command: string;
  readonly because: string;
  readonly automatic: boolean;
  readonly by: string;
  /** ISO times. */
  readonly startedAt: string;
  readonly endedAt?: string;
  /** `running`: begun, and nobody has written down what came of it. */
  readonly state: "running" | "done" | "failed" | "waits";
  readonly found?: string;
  readonly release?: string;
}

/** Since when people are asked to answer, and who has. */
export interface IncidentResponse {
  /**
   * For its severity, and each that is less severe: the ISO time since which it has been at least that bad without an answer. Whoever has an
   * hour for what is medium has no more than that hour when it is found to be high at the end of it.
   */
  readonly since: Readonly<Partial<Record<Severity, string>>>;
  /** Who has answered last, and how bad it was then; absent while people are asked. */
  readonly answered?: { readonly at: string; readonly by: string; readonly severity: Severity };
}

/** An incident, as the ledger's entries tell it. Times are ISO times on the target's clock. */
export interface IncidentRecord {
  readonly id: string;
  readonly title: string;
  /**
   * `open`: nobody has acknowledged it as it is now, also where somebody had before it got worse or came back; `acknowledged`; `resolved`: the
   * numbers are good again, the paper is not done; `closed`.
   */
  readonly state: "open" | "acknowledged" | "resolved" | "closed";
  readonly severity: Severity;
  readonly reasons: readonly string[];
  /** Whether a person has said how bad it is: no rule changes that. */
  readonly classifiedBy: "rule" | "person";
  /** When it began to hurt, as far as the numbers tell. */
  readonly startedAt: string;
  readonly openedAt: string;
  readonly openedBy: string;
  /** The first time, for statistics. */
  readonly acknowledgedAt?: string;
  readonly acknowledgedBy?: string;
  readonly response: IncidentResponse;
  readonly resolvedAt?: string;
  readonly resolution?: {
    readonly verdict: Verdict;
    readonly override?: string;
    readonly by: string;
    /** When it was written down; `resolvedAt` is when the numbers were good. */
    readonly at: string;
  };
  readonly closedAt?: string;
  /** All that were ever seen, as they were seen last; `clearedAt` where they do not fire any more. */
  readonly signals: readonly (IncidentSignal & { readonly lastSeenAt: string; readonly clearedAt?: string })[];
  readonly impact?: IncidentImpact;
  /** The last escalation since somebody was asked to answer; 0 before the first. */
  readonly escalations: number;
  /** ISO time at which the last escalation ever was due. */
  readonly escalatedDueAt?: string;
  readonly suspects: readonly Suspect[];
  readonly proposal?: Proposal;
  readonly actions: readonly IncidentAction[];
  readonly notes: readonly {
    readonly at: string;
    readonly by: string;
    readonly about: IncidentItem | "update" | "action-item" | "note";
    readonly text: string;
  }[];
  readonly roles: Readonly<Partial<Record<IncidentRole, string>>>;
  readonly reopened: number;
}
