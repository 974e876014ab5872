import { expect, it } from "vitest";
import { deploy, killedAnywhere, resume, rollback } from "../test/killed-anywhere.ts";
import { ReleaseLab } from "../test/release-lab.ts";

// A process that is killed leaves what it has changed, and nothing else: so there is one place between every two changes, of the ledger
// or of the world, and every one is tried. Two functions, several kills in a row and every lost answer are in the soak test beside.

const start = new ReleaseLab(["api-handler"]);
const first = start.deploy();

// Hundreds of releases.

/** As many as are there, so that a loop that kills nobody is noticed. */
const leastPlaces = 35;

it("is resumed to the end from every place that a good release can be killed at", async () => {
  await first;
  const options = { waitFor: "immediate" } as const;
  const places = await killedAnywhere({
    ...{ from: start, work: deploy(options), recover: resume(options) },
    ends: ["r2 live"],
  });
  expect(places).toBeGreaterThan(leastPlaces);
});

it("is put back from every place that a release can be killed at", async () => {
  await first;
  const places = await killedAnywhere({
    ...{ from: start, work: deploy({}), recover: rollback({}) },
    ends: ["r2 put-back"],
  });
  expect(places).toBeGreaterThan(leastPlaces);
});

it.each(["traffic.judge.10", "checkpoint.immediate"])(
  "is put back wherever it is killed when %s is bad",
  async (id) => {
    await first;
    const options = { bad: [id], waitFor: "immediate" } as const;
    const places = await killedAnywhere({
      ...{ from: start, work: deploy(options), recover: resume(options) },
      ends: ["r2 put-back"],
    });
    expect(places).toBeGreaterThan(20);
  },
);

it("goes on putting back wherever that was killed, and nowhere else", async () => {
  await first;
  const canary = start.copy();
  await canary.deploy({ waiting: ["traffic.judge.10"] });
  const places = await killedAnywhere({
    ...{ from: canary, work: rollback({}), recover: resume({}) },
    // Before it was written down that it goes back, nobody can know.
    ends: ["r2 put-back", "r2 live"],
  });
  expect(places).toBe(9);
  expect((await canary.newest()).state).toBe("paused");
});

it("goes to an earlier release from every place that its rollback can be killed at, by the same command or by resume", async () => {
  const lab = await threeReleases();
  for (const recover of [rollBackTo("r1"), resume({})]) {
    const places = await killedAnywhere({ from: lab, work: rollBackTo("r1"), recover, ends: ["r4 live"] });
    expect(places).toBeGreaterThan(8);
  }
});

it("puts a rollback back that was killed anywhere, to where it came from", async () => {
  const lab = await threeReleases();
  await killedAnywhere({ from: lab, work: rollBackTo("r1"), recover: rollback({}), ends: ["r4 put-back"] });
});

it("takes back a rollback, and goes on from a release that hangs, wherever that is killed", async () => {
  const lab = await threeReleases();
  const hangs = lab.copy();
  await hangs.deploy({ waiting: ["traffic.judge.10"] });
  await killedAnywhere({
    ...{ from: hangs, work: rollBackTo("r1"), recover: rollBackTo("r1"), ends: ["r5 live"] },
  });
  await lab.rollBack({ to: "r1" });
  await killedAnywhere({
    ...{ from: lab, work: rollBackTo("r3"), recover: rollBackTo("r3"), isSame: true, ends: ["r4 put-back"] },
  });
});

it.each([[["infrastructure"]], [["code", "infrastructure"]]] as const)(
  "brings %s back from every place that the rollback can be killed at",
  async (parts) => {
    const lab = await threeReleases();
    const work = (each: ReleaseLab) => each.rollBack({ to: "r1", parts });
    // The one way on for the one, the other for the other: each takes a hundred releases.
    const recover = parts.length === 1 ? work : resume({});
    const places = await killedAnywhere({ from: lab, work, recover, ends: ["r4 live"] });
    expect(places).toBeGreaterThan(20);
    const back = lab.copy();
    await work(back);
    const { alias, versions, configurations } = back.world.function("api-handler");
    const code = parts.length === 1 ? versions.length - 2 : 1;
    expect([versions[alias.version - 1], configurations[alias.version - 1]]).toEqual([versions[code], "of r1"]);
  },
);

it("puts a rollback of the infrastructure back that was killed anywhere: its traffic is where it was", async () => {
  const lab = await threeReleases();
  await killedAnywhere({
    ...{ from: lab, work: (each) => each.rollBack({ to: "r1", parts: ["infrastructure"] }) },
    ...{ recover: rollback({}), ends: ["r4 put-back"] },
  });
});

it("puts a release back that hangs before its infrastructure goes back, wherever that is killed", async () => {
  const hangs = await threeReleases();
  await hangs.deploy({ waiting: ["infrastructure.approve"] });
  const work = (each: ReleaseLab) => each.rollBack({ parts: ["infrastructure"] });
  await killedAnywhere({ from: hangs, work, recover: work, ends: ["r5 live"] });
});

async function threeReleases(): Promise<ReleaseLab> {
  await first;
  const lab = start.copy();
  await lab.deploy();
  await lab.deploy();
  return lab;
}

const rollBackTo = (to: string) => (lab: ReleaseLab) => lab.rollBack({ to });
