import type { ActionKind, Severity, SignalKind } from "@slipway/contracts";
import { ManualClock } from "@slipway/testing";
import { describe, expect, it } from "vitest";
import type { GameStage, IncidentWatch, Plant } from "../../ports/game-stage.ts";
import type { IncidentRecord } from "../incident-record.ts";
import type { GameDay } from "./game-day.ts";
import { gameDays } from "./game-days.ts";
import { runGameDay } from "./run-game-day.ts";

const START = Date.UTC(2026, 10, 28, 12);
const MINUTE_MS = 60_000;

/** How well an incident system does its work, minutes after a fault was planted; what is left out it never does. */
interface Skill {
  readonly detectsAfter?: number;
  readonly curesAfter?: number;
  readonly severity?: Severity;
  readonly signals?: readonly SignalKind[];
  readonly action?: ActionKind;
  readonly proposes?: ActionKind;
  readonly sees?: number;
  readonly cries?: "before" | "after";
}

/** An environment that knows when what was planted in it, and a system that sees as much of it as it can. */
class Rehearsal implements GameStage, IncidentWatch {
  readonly environment = "prod";
  readonly planted: Plant[] = [];
  readonly ended: Plant[] = [];
  lost: number | null = 0;
  records: IncidentRecord[] = [];
  readonly #skill: Skill;
  #now = START;
  #plantedAt = Number.POSITIVE_INFINITY;

  constructor(skill: Skill) {
    this.#skill = skill;
  }

  async plant(plant: Plant) {
    this.planted.push(plant);
    this.#plantedAt = this.#now;
    return {
      what: plant,
      end: async () => {
        if (!this.ended.includes(plant)) {
          this.ended.push(plant);
        }
      },
    };
  }

  async minute() {
    this.#now += MINUTE_MS;
    return { requests: 100, failed: this.isBad ? 40 : 0 };
  }

  now = async () => this.#now;
  lostWrites = async () => this.lost;
  incidents = async () => this.records;

  get isBad(): boolean {
    const isCured = this.records.some(({ actions }) => actions.some(({ state }) => state === "done"));
    return this.planted.length > this.ended.length && !isCured;
  }

  async look({ automatic }: { readonly automatic: boolean }) {
    const { detectsAfter = 99, curesAfter = 99, sees = 1, cries } = this.#skill;
    const minutes = (this.#now - this.#plantedAt) / MINUTE_MS;
    const at = new Date(this.#now).toISOString();
    if (cries === "after" && this.records.length > 0 && this.records.every(({ state }) => state === "resolved")) {
      this.records.push({ ...this.#incident("i7", at), state: "resolved" });
    }
    if (cries === "before" && this.records.length === 0) {
      this.records.push(this.#incident("i9", at));
    }
    if (minutes >= detectsAfter && !this.records.some(({ id }) => id === "i1")) {
      this.records.push(...Array.from({ length: sees }, (_, index) => this.#incident(`i${index + 1}`, at)));
    }
    if (minutes >= curesAfter && automatic && this.#skill.action !== undefined) {
      const kind = this.#skill.action;
      const ended = { startedAt: at, endedAt: at, state: "done", automatic: true, by: "slipway" } as const;
      this.#change((record) => ({
        ...record,
        actions: [{ ...ended, id: "a1", kind, command: "slipway rollback prod", because: "it is to blame" }],
      }));
    }
    if (minutes > detectsAfter && !this.isBad) {
      const resolution = {
        verdict: { status: "successful" as const, reason: "0 of 100 failed", numbers: {} },
        ...{ by: "slipway", at },
      };
      this.#change((record) => ({ ...record, state: "resolved", resolvedAt: at, resolution }));
    }
  }

  #change(change: (record: IncidentRecord) => IncidentRecord) {
    this.records = this.records.map((record) => (record.state === "resolved" ? record : change(record)));
  }

  #incident(id: string, at: string): IncidentRecord {
    const { severity = 2, signals = ["errors"], proposes } = this.#skill;
    return {
      ...{ id, title: "answers fail", state: "open", severity, reasons: ["40 %"], classifiedBy: "rule" },
      ...{ startedAt: at, openedAt: at, openedBy: "slipway", escalations: 0, suspects: [], actions: [], notes: [] },
      ...{ roles: {}, reopened: 0, response: undefined as never },
      signals: signals.map((kind) => ({
        ...{ id: kind, kind, resource: { type: "api", name: "items/prod" }, what: "bad", since: at, lastSeenAt: at },
      })),
      ...(proposes === undefined
        ? {}
        : { proposal: { kind: proposes, because: "it fits", command: "slipway plan prod", safe: false } }),
    };
  }
}

const dayOf = (name: string) => gameDays.find((day) => day.name === name) as GameDay;

async function play(name: string, skill: Skill, { manual = false, lost = 0 as number | null } = {}) {
  const rehearsal = new Rehearsal(skill);
  rehearsal.lost = lost;
  const clock = new ManualClock();
  const report = await runGameDay(
    dayOf(name),
    { stage: rehearsal, watch: rehearsal, clock },
    { manual, signal: new AbortController().signal },
  );
  return { report, rehearsal, failed: report.grades.flatMap((each) => (each.status === "pass" ? [] : [each.name])) };
}

const able: Skill = { detectsAfter: 2, curesAfter: 4, action: "rollback-code" };

describe("a day that Slipway cures", () => {
  it("passes when it was found, called what the guide calls it, cured by itself and over", async () => {
    const { report, failed } = await play("bad-release", able);
    expect(failed).toEqual([]);
    expect(report).toMatchObject({
      ...{ outcome: "pass", severity: 2, incidents: ["i1"], lostWrites: 0 },
      ...{ secondsToDetect: 120, secondsToMitigate: 240, secondsToResolve: 240 },
    });
    expect(report.requests).toBeGreaterThan(0);
    expect(report.failed).toBeGreaterThan(0);
  });

  it("has been seen where it shows first, in the answers or in the logs, and says where it was not", async () => {
    expect((await play("cold-start-storm", { ...able, signals: ["log-errors"] })).failed).toEqual([]);
    const { report } = await play("cold-start-storm", { ...able, signals: ["latency"] });
    expect(report.grades.find(({ name }) => name === "signalled")).toMatchObject({
      ...{ status: "fail", found: "signals: latency; without errors or log-errors" },
    });
  });

  it("is not called mitigated by having waited or looked", async () => {
    const { report } = await play("bad-release", { ...able, action: "wait" });
    expect(report).toMatchObject({ secondsToMitigate: null, secondsToResolve: 240 });
  });

  it.each<[string, Skill, readonly string[]]>([
    [
      "nothing is found",
      { ...able, detectsAfter: 99 },
      ["detected", "grouped", "signalled", "classified", "mitigated", "resolved"],
    ],
    ["it is found late", { ...able, detectsAfter: 11, curesAfter: 12 }, ["detected"]],
    ["nothing is done about it", { detectsAfter: 2 }, ["mitigated", "resolved"]],
    ["something else is done about it", { ...able, action: "unlock" }, ["mitigated"]],
    ["it is called harmless", { ...able, severity: 4 }, ["classified"]],
    ["one cause makes two incidents", { ...able, sees: 2 }, ["grouped"]],
    ["what is wrong is not seen", { ...able, signals: ["operations"] }, ["signalled"]],
    ["the wolf is cried before", { ...able, cries: "before" }, ["quiet-before"]],
    ["the wolf is cried after", { ...able, cries: "after" }, ["quiet-after"]],
  ])("fails where %s", async (_, skill, expected) => {
    const { report, failed } = await play("bad-release", skill);
    expect(failed).toEqual(expected);
    expect(report.outcome).toBe("fail");
  });

  it("fails where acknowledged writes are lost, and is not known where nobody can tell", async () => {
    expect((await play("bad-release", able, { lost: 3 })).failed).toEqual(["no-data-lost"]);
    const { report } = await play("bad-release", able, { lost: null });
    expect(report.outcome).toBe("unknown");
  });
});

describe("a day that a person cures", () => {
  const told: Skill = {
    detectsAfter: 1,
    severity: 1,
    signals: ["security", "errors"],
    proposes: "reapply-infrastructure",
  };

  it("passes when the right command was named; then it is cured", async () => {
    const { failed, rehearsal } = await play("permission-revoked", told);
    expect(failed).toEqual([]);
    expect(rehearsal.ended).toEqual(["permission-revoked"]);
  });

  it("fails where another was named, and the fault is taken away all the same", async () => {
    const { failed, rehearsal } = await play("permission-revoked", { ...told, proposes: "wait" });
    expect(failed).toEqual(["right-command", "resolved"]);
    expect(rehearsal.ended).toEqual(["permission-revoked"]);
  });

  it("is over by itself where it passes", async () => {
    const skill: Skill = { detectsAfter: 1, severity: 1, proposes: "wait" };
    expect((await play("table-unreachable", skill)).failed).toEqual([]);
  });
});

it.each<[ActionKind, readonly string[]]>([
  ["reapply-infrastructure", []],
  ["look", ["right-command"]],
])("of two faults wants one cured, and the command for the other: %s", async (proposes, expected) => {
  const signals = ["errors", "monitoring"] as const;
  const { failed } = await play("two-faults", { ...able, curesAfter: 3, sees: 2, signals, proposes });
  expect(failed).toEqual(expected);
});

it("grades who plays along by whether they answered", async () => {
  const { failed } = await play("bad-release", able, { manual: true });
  expect(failed).toEqual(["answered", "resolved"]);
});

it("has a day of each kind, all of them told apart", () => {
  expect(new Set(gameDays.map(({ name }) => name)).size).toBe(14);
  expect(gameDays.filter(({ cure }) => cure.by === "slipway").length).toBeGreaterThanOrEqual(5);
});
