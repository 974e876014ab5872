import type { Holder, LedgerBody, ReleasePlan } from "@slipway/contracts";
import { planRelease } from "@slipway/release-plan";
import type { HeldLedger, Ledger } from "../../../ledger/ledger.ts";
import { FUNCTION } from "./simulated-state.ts";

const HOLDER: Holder = { id: "p1", actor: { name: "Jane" }, host: "ci-7", pid: 7, command: "slipway deploy prod" };

/** When each step of a release begins, in minutes from its own beginning. */
const TIMELINE = [
  ...(["checklist", "infrastructure.plan", "infrastructure.apply"] as const).map((step, index) => ({
    step,
    minute: index,
  })),
  { step: "code.publish.api-handler", minute: 4 },
  { step: "traffic.shift.10", minute: 5 },
  { step: "traffic.shift.50", minute: 10 },
  { step: "traffic.promote", minute: 15 },
] as const;
/** When a bad canary is noticed, and put back. */
const PUT_BACK_AT = 8;

/** A release that is made while somebody looks, as the engine would write it down. */
export class SimulatedRelease {
  readonly plan: ReleasePlan;
  readonly version: string;
  readonly previousVersion: string;
  readonly isBad: boolean;
  /** Share of the traffic that the new version has. */
  share = 0;
  /** Minutes since its versions have more of the traffic than before: they start cold. */
  sinceShift = Number.POSITIVE_INFINITY;
  isOver = false;
  readonly #ledger: Ledger;
  #held: HeldLedger | undefined;
  #minute = 0;

  constructor(ledger: Ledger, release: number, isBad: boolean) {
    this.#ledger = ledger;
    this.isBad = isBad;
    this.version = String(release);
    this.previousVersion = String(release - 1);
    this.plan = planRelease(
      {
        ...{ environment: "prod", release: `r${release}`, previous: release === 1 ? null : `r${release - 1}` },
        ...{ functions: ["api-handler"], source: { commit: null, tree: null, dirty: false } },
      },
      { approvals: 0, canary: [10, 50].map((percent) => ({ percent, holdSeconds: 300 })) },
    );
  }

  get step(): string {
    return TIMELINE.findLast(({ minute }) => minute <= this.#minute)?.step ?? "";
  }

  /** Does what is due in a minute. */
  async go(): Promise<void> {
    this.#held ??= await this.#begin();
    this.sinceShift += 1;
    const due = TIMELINE.find(({ minute }) => minute === this.#minute);
    if (due !== undefined) {
      await this.#take(due.step);
    }
    if (this.isBad && this.#minute === PUT_BACK_AT) {
      await this.#write({ type: "release.putting-back", reason: "its canary is bad" });
      await this.#end("put-back");
    }
    this.#minute += 1;
  }

  async #begin(): Promise<HeldLedger> {
    const held = await this.#ledger.take(HOLDER);
    this.#held = held;
    await this.#write({ type: "release.started", plan: this.plan, authors: [] });
    return held;
  }

  async #take(id: string): Promise<void> {
    const kind = this.plan.steps.find((each) => each.id === id)?.kind;
    if (kind === undefined) {
      return;
    }
    await this.#write({ type: "step.started", step: id, kind, attempt: 1 });
    const { version, previousVersion } = this;
    const result = { functionName: FUNCTION, alias: "live", version, previousVersion, changed: true };
    await this.#write({
      ...{ type: "step.finished", step: id, kind, outcome: "done", summary: "done", durationMs: 1 },
      ...(kind === "code.publish" ? { result } : {}),
    });
    if (id.startsWith("traffic.")) {
      this.share = id === "traffic.promote" ? 1 : Number(id.split(".").at(-1)) / 100;
      this.sinceShift = 0;
    }
    if (id === "traffic.promote") {
      await this.#end("live");
    }
  }

  async #end(outcome: "live" | "put-back"): Promise<void> {
    const { version, previousVersion } = this;
    const released = { name: "api-handler", functionName: FUNCTION, alias: "live", version, previousVersion };
    const functions = [{ ...released, artifactSha256: "a".repeat(64) }];
    await this.#write({ type: "release.ended", outcome, reason: "it was simulated", functions });
    await this.#held?.release();
    this.isOver = true;
    this.share = outcome === "live" ? 1 : 0;
  }

  async #write(body: LedgerBody): Promise<void> {
    await this.#held?.append({ by: HOLDER.actor, release: this.plan.release, body });
  }

  /** From its beginning to its end, at once: what ran before anybody looked. */
  static async done(ledger: Ledger, release: number): Promise<void> {
    const past = new SimulatedRelease(ledger, release, false);
    while (!past.isOver) {
      await past.go();
    }
  }
}
