import type { EnvironmentConfig } from "@slipway/contracts";
import { ManualClock } from "@slipway/testing";
import type { Ledger } from "../../../ledger/ledger.ts";
import { openLedger } from "../../../ledger/open-ledger.ts";
import { MemoryLedgerTable } from "../../../ledger/test/memory-ledger-table.ts";
import type { Announcer } from "../../../ports/announcer.ts";
import type { StateLock } from "../../../ports/release-terraform.ts";
import { createRedactor } from "../../../redaction/create-redactor.ts";
import { resourcesInLedger } from "../../resources-in-ledger.ts";
import { type IncidentLook, type LookPorts, type LookRequest, lookForIncidents } from "../look-for-incidents.ts";
import { LookMemory } from "../look-memory.ts";
import { Random } from "./random.ts";
import { SimulatedAws } from "./simulated-aws.ts";
import { SimulatedRelease } from "./simulated-release.ts";
import { API, simulatedConfig, simulatedResources, simulatedState } from "./simulated-state.ts";
import {
  bursts,
  expectedRequests,
  healthyMinute,
  MINUTE_MS,
  type TrafficMinute,
  type TrafficShape,
} from "./simulated-traffic.ts";

export interface SimulationOptions {
  readonly seed: number;
  readonly shape: TrafficShape;
  readonly minutes: number;
  /** So many days of the same traffic were before. */
  readonly earlierDays?: number;
  /** Milliseconds since the epoch; a Monday's midnight unless given. */
  readonly from?: number;
  /** Releases by the minute in which they begin. */
  readonly releases?: ReadonlyMap<number, "good" | "bad">;
  /** What goes wrong in a minute. */
  readonly fault?: (minute: TrafficMinute, index: number, environment: SimulatedEnvironment) => void;
}

export interface LookingOptions {
  readonly afresh?: boolean;
  readonly announcer?: Announcer;
  /** Whether incidents are opened by rule. */
  readonly automatic?: boolean;
}

/** What was before anybody looks, so that there is something to compare with. */
const BEFORE_MINUTES = 90;
const BAD_CANARY = 0.4;
const COLD_MS = 900;

/** An environment with people who use it, in which time passes by the minute, and one who looks. */
export class SimulatedEnvironment {
  readonly clock: ManualClock;
  readonly aws: SimulatedAws;
  readonly table = new MemoryLedgerTable();
  readonly ledger: Ledger;
  readonly random: Random;
  lock: { readonly lock: StateLock; readonly abandoned: boolean } | undefined;
  /** How often alarms were in ALARM, in minutes. */
  ringingMinutes = 0;
  /** Why the Terraform state cannot be read, while it cannot. */
  stateIsDown: string | undefined;
  /** The minute from which on nothing is wrong any more. */
  endsAt = Number.POSITIVE_INFINITY;
  readonly #options: SimulationOptions;
  readonly #bursts: Float64Array;
  readonly #from: number;
  /** The lease goes by a clock of its own, which stands still: whoever has it keeps it until it is given back. */
  readonly leaseClock: ManualClock;
  readonly #memory = new LookMemory();
  #release: SimulatedRelease | undefined;
  #released = 1;
  #index = -BEFORE_MINUTES;

  private constructor(options: SimulationOptions) {
    const { seed, minutes, from = Date.UTC(2026, 10, 23) } = options;
    this.#options = options;
    this.#from = from;
    this.random = new Random(seed);
    this.aws = new SimulatedAws(this.random);
    this.#bursts = bursts(this.random, minutes);
    this.clock = new ManualClock(from - BEFORE_MINUTES * MINUTE_MS);
    this.leaseClock = new ManualClock(from);
    this.ledger = openLedger(this.table, {
      ...{ environment: "prod", clock: this.clock, leaseClock: this.leaseClock },
      ...{ redactor: createRedactor(), leaseSeconds: 1_000_000 },
    });
  }

  static async begin(options: SimulationOptions): Promise<SimulatedEnvironment> {
    const environment = new SimulatedEnvironment(options);
    await SimulatedRelease.done(environment.ledger, 1);
    environment.#recallDays();
    for (let minute = 0; minute < BEFORE_MINUTES; minute += 1) {
      await environment.pass();
    }
    return environment;
  }

  /** Earlier days, with their bursts, in steps of five minutes. */
  #recallDays(): void {
    const { earlierDays = 0, shape } = this.#options;
    const to = this.#from - BEFORE_MINUTES * MINUTE_MS;
    const from = this.#from - (earlierDays * 1_440 + 240) * MINUTE_MS;
    const factors = bursts(this.random, (earlierDays + 1) * 1_440);
    for (let at = from; earlierDays > 0 && at < to; at += 5 * MINUTE_MS) {
      const factor = factors[(at - from) / MINUTE_MS] ?? 1;
      const requests = this.random.poisson(
        5 * expectedRequests(shape, at) * factor * Math.exp(0.12 * this.random.normal()),
      );
      this.aws.recall(at, requests, 120 * Math.exp(0.1 * this.random.normal()));
    }
  }

  /** A minute passes. */
  async pass(): Promise<void> {
    const index = this.#index;
    const at = this.#from + index * MINUTE_MS;
    await this.#goOnReleasing(index);
    const expected = expectedRequests(this.#options.shape, at) * (this.#bursts[index] ?? 1);
    const minute = healthyMinute(this.random, expected);
    this.#addRelease(minute);
    if (index >= 0) {
      this.#options.fault?.(minute, index, this);
    }
    const live = String(this.#released);
    const release = this.#release;
    const isTried = release !== undefined && !release.isOver && release.share > 0;
    this.aws.end(at, minute, { live, tried: isTried ? release.version : undefined });
    this.ringingMinutes += this.aws.ringing().length > 0 ? 1 : 0;
    this.#index += 1;
    this.clock.advance(at + MINUTE_MS - this.clock.now());
  }

  /** Somebody looks; `afresh`, as a process that has not looked before. */
  async look({ afresh = false, announcer, automatic }: LookingOptions = {}): Promise<IncidentLook> {
    const memory = afresh ? new LookMemory() : this.#memory;
    return lookForIncidents(
      { ...this.ports(), ...(announcer && { announcer }) },
      { ...this.subject(automatic), ...(await this.#withoutState()), memory },
    );
  }

  async #withoutState(): Promise<Partial<LookRequest>> {
    if (this.stateIsDown === undefined) {
      return {};
    }
    const { resources, dependencies } = resourcesInLedger(await this.ledger.read(), {
      functions: [{ name: "api-handler", outputs: { functionName: "name", alias: "alias" } }],
      api: { urlOutput: "url", resources: ["/"] },
    } as unknown as EnvironmentConfig);
    const state = { serial: 0, resources: [], outputs: {} };
    return { state, resources, withoutState: { unknown: this.stateIsDown, dependencies } };
  }

  ports(): LookPorts {
    const { aws, clock, leaseClock, ledger } = this;
    return {
      ...{ metrics: aws, logs: aws.logs, alarms: aws.alarms, http: aws, clock, leaseClock, ledger },
      isGone: ({ host }) => host === "gone",
      stateLock: {
        location: "s3://states/prod/terraform.tfstate",
        read: async () => this.lock?.lock,
        isAbandoned: async () => this.lock?.abandoned,
      },
    };
  }

  subject(automatic = true): LookRequest {
    const incidents = {
      ...simulatedConfig.incidents,
      automatic: { ...simulatedConfig.incidents.automatic, open: automatic },
    };
    return {
      ...{ state: simulatedState, resources: simulatedResources, config: { ...simulatedConfig, incidents } },
      ...{ apiUrl: "https://api.example.com/prod", by: { name: "watcher" }, flags: "" },
    };
  }

  async #goOnReleasing(index: number): Promise<void> {
    const kind = this.#options.releases?.get(index);
    if (kind !== undefined && (this.#release?.isOver ?? true)) {
      const number = (await this.#lastRelease()) + 1;
      this.#release = new SimulatedRelease(this.ledger, number, kind === "bad");
    }
    const release = this.#release;
    if (release === undefined || release.isOver) {
      return;
    }
    await release.go();
    // An apply may replace an alarm: for a moment it is not there.
    if (release.step === "infrastructure.apply") {
      this.aws.missing.add(`${API}-5xx`);
    } else {
      this.aws.missing.delete(`${API}-5xx`);
    }
    if (release.isOver && !release.isBad) {
      this.#released = Number(release.version);
      this.aws.release = this.#released;
    }
  }

  async #lastRelease(): Promise<number> {
    const entries = await this.ledger.read();
    return entries.filter(({ body }) => body.type === "release.started").length;
  }

  /** Versions that get more traffic start cold; a bad one fails. */
  #addRelease(minute: TrafficMinute): void {
    const release = this.#release;
    if (release === undefined) {
      return;
    }
    const { random } = this;
    const calls = random.binomial(minute.requests, release.isOver ? 0 : release.share);
    const cold =
      release.sinceShift < 2 ? random.binomial(Math.min(calls || minute.requests, random.whole(2, 10)), 0.7) : 0;
    const slow = Math.min(calls, random.binomial(calls, 0.012) + cold);
    minute.slow = Math.min(minute.requests, minute.slow + cold);
    minute.p90Ms = cold > 0.1 * minute.requests ? Math.max(minute.p90Ms, COLD_MS) : minute.p90Ms;
    const faults = release.isBad
      ? random.binomial(calls, BAD_CANARY)
      : Math.min(minute.faults, random.binomial(calls, 0.0007));
    minute.faults = release.isBad ? Math.min(minute.requests, minute.faults + faults) : minute.faults;
    if (!release.isOver) {
      minute.tried = { calls, faults, failures: 0, slow };
    }
    if (release.isOver) {
      release.sinceShift += 1;
    }
  }
}
