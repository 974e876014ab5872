import type { AdoptedVersion, Holder, LedgerEntry, ReleasePlan, RollbackPart } from "@slipway/contracts";
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
import { rollBack } from "../rollback/roll-back.ts";
import { fakeHandlers } from "./fake-handlers.ts";
import { FakeWorld } from "./fake-world.ts";

/** What a process is stopped by that is killed. Nothing of it can be caught by what it runs: from then on its calls have no effect. */
export class Killed extends Error {}

export type LabOptions = Partial<Pick<RunReleaseOptions, "waitFor" | "signal" | "handlers">> & {
  bad?: readonly string[];
  waiting?: readonly string[];
  /** Who wrote what is deployed; Jane, unless given. */
  authors?: readonly string[];
  authorsUnknown?: string;
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
  readonly redactor = createRedactor();
  readonly ports: ReleasePorts;
  #processes = 0;

  constructor(functions: readonly string[] = ["api-handler", "authorizer"], flags = "") {
    this.world = new FakeWorld(functions);
    this.ports = {
      clock: this.clock,
      systemClock: this.machineClock,
      progress: this.progress,
      redactor: this.redactor,
      flags,
      announcer: {
        announce: async (message) => {
          this.told.push(message);
        },
      },
    };
  }

  get ledger() {
    const { clock, machineClock: leaseClock, redactor } = this;
    // Every process before the one that asks is gone.
    const options = { clock, leaseClock, redactor, leaseSeconds: 60, isGone: () => true };
    return openLedger(this.table, { environment: "prod", ...options });
  }

  /**
   * Kills the process that makes the n-th lasting change from now on: an entry of the ledger, a sign of life, a change of the world.
   *
   * @returns how many changes there have been since
   */
  killAfter(n: number): () => number {
    let changes = 0;
    const step = async (isChange: boolean, when: "before" | "after") => {
      if (changes < n && isChange && when === "after") changes += 1;
      if (changes >= n) throw new Killed();
    };
    this.world.step = (_, when) => step(true, when);
    this.table.step = (call, when) => step(call === "write", when);
    return () => changes;
  }

  /**
   * What a process leaves that is killed, for each lasting change that is made from now on. Those that are killed change nothing any
   * more: so it is enough to let one work to its end.
   */
  copyAfterEach(): readonly ReleaseLab[] {
    const copies: ReleaseLab[] = [];
    const step = async (isChange: boolean, when: "before" | "after") => {
      if (isChange && when === "after") copies.push(this.copy());
    };
    this.world.step = (_, when) => step(true, when);
    this.table.step = (call, when) => step(call === "write", when);
    return copies;
  }

  /**
   * Lets the n-th call from now on fail, once: a call of the ledger's table, or a change of the world.
   *
   * @param when `before` it had its effect; `after`: the answer is lost
   * @returns how many calls there have been since
   */
  failCall(n: number, when: "before" | "after", error: Error): () => number {
    let calls = 0;
    const step = async (at: "before" | "after") => {
      if (at === "before") calls += 1;
      if (calls === n && at === when) throw error;
    };
    this.world.step = (_, at) => step(at);
    this.table.step = (_, at) => step(at);
    return () => calls;
  }

  /** The next process is not killed, and nothing fails. */
  letLive(): void {
    this.killAfter(Number.POSITIVE_INFINITY);
  }

  /** What has traffic before the first release. */
  adopts: readonly AdoptedVersion[] = [];

  /** The same ledger, world and time once more, which go on by themselves. */
  copy(): ReleaseLab {
    const copy = new ReleaseLab(Object.keys(this.world.functions));
    copy.#processes = this.#processes;
    // The table never changes what it has: it takes a copy of what it is given, and gives copies.
    for (const [key, head] of this.table.heads) copy.table.heads.set(key, head);
    for (const [key, entries] of this.table.entries) copy.table.entries.set(key, entries);
    copy.world.become(this.world);
    copy.clock.advance(this.clock.now() - copy.clock.now());
    copy.machineClock.advance(this.machineClock.now() - copy.machineClock.now());
    return copy;
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
        adopts: this.adopts,
      },
      { approvals: 0, canary: [{ percent: 10, holdSeconds: 60 }] },
    );
  }

  /** `slipway deploy`. */
  deploy(options: LabOptions = {}): Promise<ReleaseOutcome> {
    return this.process(async (held) => {
      const plan = this.plan(releases(await held.read()));
      const { authors = ["Jane"], authorsUnknown } = options;
      const unknown = authorsUnknown === undefined ? {} : { authorsUnknown };
      const { id } = await startRelease(this.ports, { held, plan, authors, ...unknown });
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

  /** `slipway rollback [PART] --to`, to whichever release. */
  rollBack({
    to,
    parts,
    ...options
  }: LabOptions & { readonly to?: string; readonly parts?: readonly RollbackPart[] } = {}): Promise<ReleaseOutcome> {
    return this.process(async (held) => {
      const handlers = options.handlers ?? fakeHandlers(this.world, options);
      const reason = "Jane wants it back";
      return await rollBack(this.ports, {
        ...{ held, handlers, reason },
        ...(to !== undefined && { to }),
        ...(parts !== undefined && { parts }),
      });
    });
  }

  /** All releases, from a ledger whose chain is checked. */
  async records(): Promise<readonly ReleaseRecord[]> {
    return releases(await this.ledger.read());
  }

  /** The newest release, as the table has it. */
  async newest(): Promise<ReleaseRecord> {
    const record = releases((this.table.entries.get("prod") as LedgerEntry[] | undefined) ?? []).at(-1);
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
