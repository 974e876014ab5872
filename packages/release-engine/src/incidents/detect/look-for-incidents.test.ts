import type { Holder } from "@slipway/contracts";
import { describe, expect, it } from "vitest";
import type { Message } from "../../ports/notifier.ts";
import { acknowledgeIncident } from "../records/acknowledge-incident.ts";
import { classifyIncident } from "../records/classify-incident.ts";
import { openIncident } from "../records/open-incident.ts";
import { faults, notAnswering } from "./test/faults.ts";
import { SimulatedEnvironment } from "./test/simulated-environment.ts";
import { FUNCTION } from "./test/simulated-state.ts";
import type { TrafficMinute } from "./test/simulated-traffic.ts";

/** An environment where nothing is left to chance: 100 requests a minute, of which so many fail as is said. */
async function calm(
  fault: (minute: TrafficMinute, index: number) => void = () => {},
  releases = new Map<number, "bad">(),
) {
  return SimulatedEnvironment.begin({
    ...{ seed: 1, minutes: 400, shape: { peak: 100, night: 100 }, releases },
    fault(minute, index) {
      Object.assign(minute, {
        requests: 100,
        faults: minute.tried.faults,
        failures: 0,
        slow: 0,
        throttles: 0,
        tableThrottles: 0,
      });
      fault(minute, index);
    },
  });
}

async function pass(environment: SimulatedEnvironment, minutes: number, looks = true) {
  let look = await environment.look();
  for (let minute = 0; minute < minutes; minute += 1) {
    await environment.pass();
    look = looks ? await environment.look() : look;
  }
  return look;
}

const between = (from: number, to: number, faults: number) => (minute: TrafficMinute, index: number) => {
  minute.faults = index >= from && index < to ? faults : 0;
};

const joe = { name: "Joe" };

describe("lookForIncidents", () => {
  it("opens an incident with what it saw, and writes no more of it than is news", async () => {
    const environment = await calm(between(2, 99, 30));
    const look = await pass(environment, 20);

    expect(look.incidents).toMatchObject([
      { id: "i1", title: "items-api-prod/prod: 30 % of the answers are server errors", severity: 2, state: "open" },
    ]);
    expect(look.incidents[0]?.startedAt).toBe("2026-11-23T00:02:00.000Z");
    const types = (await environment.ledger.read())
      .map(({ body }) => body.type)
      .filter((type) => type.startsWith("incident."));
    expect(types.filter((type) => type === "incident.opened")).toHaveLength(1);
    expect(types.length).toBeLessThan(12);
  });

  it("resolves it when the numbers were good again for a window, and opens the same one again where it comes back", async () => {
    const environment = await calm((minute, index) => {
      minute.faults = (index >= 2 && index < 12) || (index >= 40 && index < 46) ? 40 : 0;
    });
    const [resolved] = (await pass(environment, 38)).incidents;
    expect(resolved).toMatchObject({ id: "i1", state: "resolved", resolution: { verdict: { status: "successful" } } });
    expect(resolved?.impact).toMatchObject({ failed: 400, badMinutes: 10 });

    const [reopened, ...others] = (await pass(environment, 6)).incidents;
    expect(reopened).toMatchObject({ id: "i1", state: "open", reopened: 1 });
    expect(others).toEqual([]);
  });

  it("resolves it at the next look, however long nobody looked, where the numbers tell of the whole window", async () => {
    const environment = await calm(between(2, 12, 40));
    await pass(environment, 10);
    expect((await pass(environment, 12, false)).incidents).toMatchObject([{ id: "i1", state: "open" }]);
    for (let minute = 0; minute < 30; minute += 1) await environment.pass();

    expect((await environment.look()).incidents).toMatchObject([
      { id: "i1", state: "resolved", resolution: { verdict: { status: "successful" } } },
    ]);
  });

  it("does not take an alarm for quiet since it was seen last: it may have gone off in between", async () => {
    const environment = await calm();
    environment.aws.missing.add(`${FUNCTION}-duration`);
    expect((await pass(environment, 3)).incidents).toMatchObject([{ id: "i1", state: "open" }]);
    environment.aws.missing.clear();
    for (let minute = 0; minute < 40; minute += 1) await environment.pass();

    expect((await environment.look()).incidents).toMatchObject([{ id: "i1", state: "open" }]);
    expect((await pass(environment, 35)).incidents).toMatchObject([{ id: "i1", state: "resolved" }]);
  });

  it("goes on with it as long as its errors are logged, also where they are no news in the hour any more", async () => {
    const damaged = faults.find(({ kind }) => kind === "data");
    const environment: SimulatedEnvironment = await calm((minute, index) => {
      if (index >= 2 && index < 80) damaged?.apply(minute, environment, index - 2);
    });

    expect((await pass(environment, 75)).incidents).toMatchObject([{ id: "i1", state: "open", reopened: 0 }]);
    expect((await pass(environment, 20)).incidents).toMatchObject([{ id: "i1", state: "resolved" }]);
  });

  it("opens one where several look at the same moment", async () => {
    const environment = await calm(between(2, 99, 30));
    await pass(environment, 4, false);
    const looks = await Promise.all(Array.from({ length: 6 }, () => environment.look({ afresh: true })));

    expect(new Set(looks.flatMap(({ groups }) => groups.map(({ incident }) => incident)))).toEqual(new Set(["i1"]));
    expect((await environment.look()).incidents).toHaveLength(1);
  });

  it("sees the same with and without what it remembers of earlier looks", async () => {
    const environment = await calm(between(2, 99, 30));
    const [known] = (await pass(environment, 9)).groups;
    const [fresh] = (await environment.look({ afresh: true })).groups;

    expect(fresh).toEqual(known);
  });

  it("opens two for what has two causes, and one for all that comes of one", async () => {
    const environment = await calm(between(2, 99, 80));
    environment.aws.missing.add(`${FUNCTION}-duration`);
    const look = await pass(environment, 12);

    expect(look.incidents.map(({ signals }) => new Set(signals.map(({ kind }) => kind)))).toEqual([
      new Set(["monitoring"]),
      new Set(["errors", "alarm", "log-errors"]),
    ]);
    expect(look.incidents[1]?.severity).toBe(1);
  });

  it("takes what somebody has seen first for the same", async () => {
    const environment = await calm(between(2, 99, 30));
    const by = { by: joe, title: "orders fail", severity: 3, reasons: ["a call"], openedBy: "person" } as const;
    await openIncident(environment.ledger, {
      ...by,
      startedAt: new Date(environment.clock.now()).toISOString(),
      signals: [],
    });
    const look = await pass(environment, 6);

    // And leaves to people what people have said.
    expect(look.incidents).toMatchObject([{ id: "i1", title: "orders fail", severity: 3, classifiedBy: "person" }]);
    expect(look.incidents[0]?.signals.map(({ kind }) => kind)).toContain("errors");
  });

  it("makes an incident worse, and changes nothing that a person has said", async () => {
    const environment = await calm((minute, index) => {
      minute.faults = index < 2 ? 0 : index < 20 ? 30 : 95;
    });
    await pass(environment, 10);
    expect((await environment.look()).incidents[0]?.severity).toBe(2);
    await pass(environment, 20);
    expect((await environment.look()).incidents[0]?.severity).toBe(1);
    await classifyIncident(environment.ledger, {
      by: joe,
      incident: "i1",
      severity: 4,
      reasons: ["a load test"],
      classifiedBy: "person",
    });
    await pass(environment, 5);
    expect((await environment.look()).incidents[0]).toMatchObject({ severity: 4, reasons: ["a load test"] });
  });

  it("opens nothing where people open incidents, and says what it would", async () => {
    const environment = await calm(between(0, 99, 30));
    await pass(environment, 5, false);
    const look = await environment.look({ automatic: false });

    expect(look).toMatchObject({ outcome: "open", incidents: [] });
    expect(look.groups).toMatchObject([{ incident: null, why: "the configuration says that people open incidents" }]);
  });
});

describe("a source that does not answer", () => {
  it.each(["metrics", "logs", "alarms"] as const)("is neither good nor bad: %s", async (source) => {
    const environment = await calm();
    environment.aws.down.set(source, notAnswering);
    const look = await pass(environment, 3);

    expect(look).toMatchObject({ outcome: "unknown", incidents: [], groups: [] });
    expect(look.unknown[0]?.why).toBe("CloudWatch does not answer: socket hang up");
  });

  it("ends no incident, and hides none", async () => {
    const environment = await calm(between(2, 12, 60));
    await pass(environment, 8);
    environment.aws.down.set("metrics", notAnswering);
    const blind = await pass(environment, 30);
    expect(blind).toMatchObject({ outcome: "open", incidents: [{ id: "i1", state: "open" }] });
    expect(
      blind.incidents[0]?.signals.find(({ id }) => id === "errors api items-api-prod/prod")?.clearedAt,
    ).toBeUndefined();

    environment.aws.down.clear();
    expect((await pass(environment, 20)).incidents).toMatchObject([{ id: "i1", state: "resolved" }]);
  });

  it("holds up no other", async () => {
    const environment = await calm(between(2, 99, 80));
    environment.aws.down.set("logs", notAnswering);
    environment.aws.down.set("alarms", notAnswering);

    expect(await pass(environment, 5)).toMatchObject({ outcome: "open", incidents: [{ id: "i1", severity: 1 }] });
  });
});

describe("a release", () => {
  it("that its canary takes back opens nothing, and is told of", async () => {
    const environment = await calm(() => {}, new Map([[5, "bad"]]));
    const asides: string[] = [];
    for (let minute = 0; minute < 40; minute += 1) {
      await environment.pass();
      const look = await environment.look();
      expect(look.incidents).toEqual([]);
      asides.push(...look.groups.flatMap(({ signals }) => signals.flatMap(({ aside }) => aside ?? [])));
    }
    expect(asides.some((aside) => aside.includes("whose canary r2 judges"))).toBe(true);
    expect(asides.some((aside) => aside.includes("r2 was put back"))).toBe(true);
  });

  it("that nobody goes on with is an incident of its own", async () => {
    const environment = await calm();
    const holder: Holder = { id: "p", actor: joe, host: "gone", pid: 7, command: "slipway deploy prod" };
    const held = await environment.ledger.take(holder);
    const started = (await environment.ledger.read()).find(({ body }) => body.type === "release.started");
    if (started?.body.type === "release.started") {
      const plan = { ...started.body.plan, release: "r2" };
      await held.append({ by: joe, release: "r2", body: { ...started.body, plan } });
    }
    const look = await pass(environment, 3);

    expect(look.incidents).toMatchObject([{ id: "i1", severity: 4 }]);
    expect(look.groups[0]).toMatchObject({ topic: "operations", incident: "i1" });
    await held.release();
  });
});

it("takes the times of a lock from the machine's clock, which local AWS's may be far ahead of", async () => {
  const environment = await calm();
  await pass(environment, 200, false);
  const created = new Date(environment.leaseClock.now() - 120_000).toISOString().replace("T", " ");
  const lock = { id: "1-2", who: "jane@build-7", operation: "OperationTypeApply" };
  environment.lock = { lock: { ...lock, created: created.replace("Z", "456789 +0000 UTC") }, abandoned: true };
  const { incidents } = await environment.look();

  expect(incidents).toMatchObject([{ title: expect.stringContaining("(OperationTypeApply) for 2 minutes") }]);
  expect(Date.parse(incidents[0]?.openedAt ?? "") - Date.parse(incidents[0]?.startedAt ?? "")).toBe(120_000);
});

describe("people", () => {
  it("are told of what opens, gets worse, is overdue, and is over, each once", async () => {
    const messages: Message[] = [];
    const announcer = {
      async announce(message: Message, write: (body: never) => Promise<void>) {
        messages.push(message);
        await write({
          type: "notification.sent",
          moment: message.moment,
          channel: "sns",
          outcome: "sent",
          incident: message.incident,
          entry: message.entry,
        } as never);
      },
    };
    const environment = await calm((minute, index) => {
      minute.faults = index < 2 || index > 40 ? 0 : index < 10 ? 30 : 95;
    });
    for (let minute = 0; minute < 70; minute += 1) {
      await environment.pass();
      await environment.look({ announcer });
      if (minute === 30) {
        await acknowledgeIncident(environment.ledger, { by: joe, incident: "i1" });
      }
    }

    expect([...new Set(messages.map(({ moment }) => moment))]).toEqual([
      "incident-opened",
      "incident-worse",
      "incident-overdue",
      "incident-resolved",
    ]);
    expect(messages.filter(({ moment }) => moment === "incident-opened")).toHaveLength(1);
    expect(messages.filter(({ moment }) => moment === "incident-resolved")).toHaveLength(1);
  });
});
