import type { IncidentSignal, Suspect } from "@slipway/contracts";
import { describe, expect, it } from "vitest";
import { type OutsideSuspect, type ProposalFacts, proposeAction } from "./propose-action.ts";

const STARTED = "2026-11-28T12:07:30.000Z";

const signal = (kind: IncidentSignal["kind"], type: IncidentSignal["resource"]["type"] = "api"): IncidentSignal => ({
  ...{ id: `${kind} ${type}`, kind, resource: { type, name: "items" }, what: `${kind} of ${type}`, since: STARTED },
});

const suspect = (rest: Partial<Suspect> = {}): Suspect => ({
  ...{
    release: "r7",
    likelihood: 0.97,
    part: "code",
    changedAt: STARTED,
    reasons: ["it began 2 minutes after", "v9 only"],
  },
  ...rest,
});

const outside = (cause: OutsideSuspect["cause"]): OutsideSuspect => ({ cause, likelihood: 0.9, reasons: ["as seen"] });

const release = (id: string, previous: string | null, state: "live" | "superseded") =>
  ({ id, state, plan: { previous } }) as ProposalFacts["releases"][number];

function propose({
  signals = [signal("errors")],
  actions = [],
  ...rest
}: Partial<ProposalFacts> & {
  readonly signals?: readonly IncidentSignal[];
  readonly actions?: ProposalFacts["record"]["actions"];
} = {}) {
  return proposeAction({
    ...{ environment: "prod", flags: " --local", suspects: [], outside: [] },
    releases: [release("r6", "r5", "superseded"), release("r7", "r6", "live")],
    record: {
      ...{ id: "i1", startedAt: STARTED, actions },
      signals: signals.map((each) => ({ ...each, lastSeenAt: STARTED })),
    },
    ...rest,
  });
}

describe("a release that is to blame", () => {
  it("goes back: without a person where it is live and beyond doubt", () => {
    expect(propose({ suspects: [suspect()] })).toEqual({
      ...{ kind: "rollback-code", safe: true },
      because: "r7 is to blame by 97 %: it began 2 minutes after; v9 only",
      command:
        "slipway rollback prod code --local --reason 'i1: r7 is to blame by 97 %: it began 2 minutes after; v9 only'",
    });
  });

  it("is for people where there is doubt, and where another was released since; nothing goes back where nothing ran before", () => {
    expect(propose({ suspects: [suspect({ likelihood: 0.6 })] })).toMatchObject({ kind: "rollback-code", safe: false });
    expect(propose({ suspects: [suspect({ release: "r6" })] })).toMatchObject({
      ...{ safe: false, command: expect.stringContaining(" --to r5 ") },
    });
    const first = [release("r7", null, "live")];
    expect(propose({ suspects: [suspect()], releases: first })).toMatchObject({ kind: "look" });
  });

  it("is for people where it is a rollback itself: what it went back from is no better", () => {
    const back = { ...release("r8", "r7", "live"), plan: { previous: "r7", rollsBack: { from: "r7", to: "r6" } } };
    const releases = [release("r7", "r6", "superseded"), back as ProposalFacts["releases"][number]];
    expect(propose({ suspects: [suspect({ release: "r8" })], releases })).toMatchObject({
      ...{ kind: "rollback-code", safe: false },
    });
  });

  it("goes back by the part that is to blame, which is for people", () => {
    expect(propose({ suspects: [suspect({ part: "infrastructure" })] })).toMatchObject({
      ...{ kind: "rollback-infrastructure", safe: false },
      command: expect.stringMatching(/^slipway rollback prod infrastructure --local --reason /),
    });
    expect(propose({ suspects: [suspect({ part: "data" })] })).toMatchObject({
      command: "slipway rollback prod data --undo-of r7 --local --plan",
    });
  });

  it("is not taken back twice: what has not helped leads to where to look", () => {
    const actions = [{ kind: "rollback-code", state: "done" }] as unknown as ProposalFacts["record"]["actions"];
    expect(propose({ suspects: [suspect()], actions })).toMatchObject({ kind: "look" });
    expect(propose({ suspects: [suspect()], outside: [outside("dependency")], actions })).toMatchObject({
      kind: "wait",
    });
  });
});

describe("a cause that is no release", () => {
  it.each<[OutsideSuspect["cause"], string]>([
    ["dependency", "wait"],
    ["traffic", "raise-limit"],
    ["limit", "raise-limit"],
    ["input", "block-input"],
    ["leak", "look"],
    ["permission", "reapply-infrastructure"],
    ["write", "undo-data"],
  ])("%s: %s", (cause, kind) => {
    expect(propose({ outside: [outside(cause)] })).toMatchObject({ kind, safe: false });
  });

  it("shows by its signals that rights are gone, or that data is damaged, whatever the numbers say", () => {
    expect(propose({ signals: [signal("security", "function")] })).toMatchObject({ kind: "reapply-infrastructure" });
    expect(propose({ signals: [signal("data", "table")] })).toMatchObject({
      ...{ kind: "undo-data" },
      command:
        "slipway rollback prod data --undo --local --since 2026-11-28T12:02:00.000Z --until 2026-11-28T12:09:00.000Z --plan",
    });
  });
});

it("names a way back for what somebody wrote where no signal fires, as in an incident that people have opened", () => {
  expect(propose({ signals: [], outside: [outside("write")] })).toMatchObject({
    ...{ kind: "undo-data", command: expect.stringContaining(" --until 2026-11-28T12:09:00.000Z ") },
  });
});

it("does not forget damaged data because nobody has read it for a minute", () => {
  const lastSeenAt = STARTED;
  const record = {
    ...{ id: "i1", startedAt: STARTED, actions: [] },
    signals: [
      { ...signal("data", "table"), lastSeenAt, clearedAt: STARTED },
      { ...signal("errors"), lastSeenAt },
    ],
  };
  expect(propose({ record, outside: [outside("input")] })).toMatchObject({ kind: "undo-data" });
});

describe("what no release is to blame for", () => {
  const blameless = { suspects: [], isBlameless: true };
  const done = [{ kind: "make-backup", state: "done" }] as unknown as ProposalFacts["record"]["actions"];

  it("is a backup that was not made, and is made now", () => {
    expect(propose({ ...blameless, signals: [signal("backup", "alarm")] })).toEqual({
      ...{ kind: "make-backup", safe: false, command: "slipway backup prod create --local" },
      because:
        "a scheduled backup was given up, says the alarm items since 2026-11-28T12:07:30.000Z: one that is made now takes its place",
    });
  });

  it("is looked up in its runbook, where it is another alarm, or the backup was made", () => {
    const look = { kind: "look", safe: false, command: "slipway alarms prod items --local" };
    expect(propose({ ...blameless, signals: [signal("alarm", "alarm")] })).toMatchObject(look);
    expect(propose({ ...blameless, signals: [signal("backup", "alarm")], actions: done })).toMatchObject(look);
  });

  it("is no reason of what users feel at the same time", () => {
    const signals = [signal("backup", "alarm"), signal("errors")];
    expect(propose({ signals, suspects: [suspect()] })).toMatchObject({ kind: "rollback-code" });
  });
});

describe("what watches, and what was begun", () => {
  it("is made again, gone on with, or let go", () => {
    expect(propose({ signals: [signal("monitoring", "alarm")] })).toMatchObject({
      command: "slipway deploy prod --local",
    });
    expect(propose({ signals: [signal("operations", "environment"), signal("operations", "lease")] })).toMatchObject({
      ...{ kind: "resume-release", command: "slipway resume prod --local" },
    });
    expect(propose({ signals: [signal("operations", "lease")] })).toMatchObject({
      ...{ kind: "unlock", safe: true, command: "slipway unlock prod --local --reason 'i1: its holder is dead' --yes" },
    });
    expect(propose({ signals: [signal("operations", "state")] })).toMatchObject({ kind: "unlock", safe: false });
  });

  it("is no reason of what users feel at the same time", () => {
    expect(
      propose({ signals: [signal("monitoring", "alarm"), signal("errors")], suspects: [suspect()] }),
    ).toMatchObject({
      kind: "rollback-code",
    });
  });
});
