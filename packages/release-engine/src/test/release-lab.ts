import type { Holder, ReleasePlan } from "@slipway/contracts";
import { planRelease } from "@slipway/release-plan";
import { ManualClock, RecordingProgress } from "@slipway/testing";
import type { HeldLedger } from "../ledger/ledger.ts";
import { openLedger } from "../ledger/open-ledger.ts";
import type { ReleaseRecord } from "../ledger/release-record.ts";
import { releases } from "../ledger/releases.ts";
import { MemoryLedgerTable } from "../ledger/test/memory-ledger-table.ts";
import type { Message } from "../ports/notifier.ts";
import { createRedactor } from "../redaction/create-redactor.ts";
import { putBack } from "../release/put-back.ts";
import type { ReleaseOutcome } from "../release/release-outcome.ts";
import type { ReleasePorts } from "../release/release-ports.ts";
import { type RunReleaseOptions, runRelease } from "../release/run-release.ts";
import { nextReleaseId, releaseWithTraffic } from "../release/standing-releases.ts";
import { startRelease } from "../release/start-release.ts";
import { fakeHandlers } from "./fake-handlers.ts";
import { FakeWorld } from "./fake-world.ts";

export type LabOptions = Partial<Pick<RunReleaseOptions, "waitFor" | "signal" | "handlers">> & {
  bad?: readonly string[];
  waiting?: readonly string[];
};

/** A ledger, a world, and processes that release, one after the other: everything real but AWS. */
export class ReleaseLab {
  readonly table = new MemoryLedgerTable();
  readonly world: FakeWorld;
  /** The target's. */
  readonly clock = new ManualClock(Date.UTC(2026, 10, 28, 12));
  /** The machine's. */
  readonly machineClock = new ManualClock(Date.UTC(2026, 10, 28, 12));
  readonly progress = new RecordingProgress();
  readonly told: Message[] = [];
  readonly ports: ReleasePorts;
  #processes = 0;

  constructor(functions: readonly string[] = ["api-handler", "authorizer"]) {
    this.world = new FakeWorld(functions);
    this.ports = {
      clock: this.clock,
      systemClock: this.machineClock,
      progress: this.progress,
      announcer: {
        announce: async (message) => {
          this.told.push(message);
        },
      },
    };
  }

  get ledger() {
    const { clock, machineClock: leaseClock } = this;
    // Every process before the one that asks is gone.
    const options = { clock, leaseClock, redactor: createRedactor(), leaseSeconds: 60, isGone: () => true };
    return openLedger(this.table, { environment: "prod", ...options });
  }

  /** A process takes the lease, works, and gives it back, unless it died. */
  async process<T>(work: (held: HeldLedger) => Promise<T>): Promise<T> {
    this.#processes += 1;
    const pid = this.#processes;
    const holder: Holder = {
      id: `p${pid}`,
      actor: { name: "Jane" },
      host: "host",
      pid,
      command: "slipway deploy prod",
    };
    const held = await this.ledger.take(holder);
    try {
      return await work(held);
    } finally {
      await held.release();
    }
  }

  plan(records: readonly ReleaseRecord[]): ReleasePlan {
    return planRelease(
      {
        environment: "prod",
        release: nextReleaseId(records),
        source: { commit: "a".repeat(40), tree: "b".repeat(40), dirty: false },
        previous: releaseWithTraffic(records)?.id ?? null,
        functions: Object.keys(this.world.functions),
      },
      { approvals: 0, canary: [{ percent: 10, holdSeconds: 60 }] },
    );
  }

  /** `slipway deploy`. */
  deploy(options: LabOptions = {}): Promise<ReleaseOutcome> {
    return this.process(async (held) => {
      const plan = this.plan(releases(await held.read()));
      const { id } = await startRelease(this.ports, { held, plan, authors: ["Jane"] });
      return this.#run(held, id, options);
    });
  }

  /** `slipway resume`, of the newest release. */
  resume(options: LabOptions = {}): Promise<ReleaseOutcome> {
    return this.process(async (held) => this.#run(held, (await this.newest()).id, options));
  }

  /** `slipway rollback`, of the newest release. */
  rollback(options: LabOptions = {}): Promise<ReleaseOutcome> {
    return this.process(async (held) => {
      const { id: release } = await this.newest();
      const handlers = options.handlers ?? fakeHandlers(this.world, options);
      return await putBack(this.ports, { held, release, handlers, reason: "Jane wants it back" });
    });
  }

  /** All releases, from a ledger whose chain is checked. */
  async records(): Promise<readonly ReleaseRecord[]> {
    return releases(await this.ledger.read());
  }

  async newest(): Promise<ReleaseRecord> {
    const record = (await this.records()).at(-1);
    if (record === undefined) throw new Error("there is no release yet");
    return record;
  }

  /** What is written down, as one line an entry, leases left out. */
  async story(): Promise<string[]> {
    return (await this.ledger.read()).flatMap(({ release, body }) => {
      if (body.type.startsWith("lease.")) return [];
      const words = [
        body.type,
        "step" in body ? body.step : undefined,
        "outcome" in body ? body.outcome : undefined,
        "reason" in body ? `(${body.reason})` : undefined,
      ];
      return [`${release} ${words.filter((word) => word !== undefined).join(" ")}`];
    });
  }

  #run(held: HeldLedger, release: string, options: LabOptions): Promise<ReleaseOutcome> {
    const { handlers = fakeHandlers(this.world, options), waitFor = "none", signal } = options;
    return runRelease(this.ports, { held, release, handlers, waitFor, ...(signal !== undefined && { signal }) });
  }
}
