import { expect, it } from "vitest";
import { deploy, killedAnywhere, resume, rollback } from "../test/killed-anywhere.ts";
import { ReleaseLab } from "../test/release-lab.ts";

// A process that is killed leaves what it has changed, and nothing else: so there is one place between every two changes, of the ledger
// or of the world, and every one is tried. Two functions, several kills in a row and every lost answer are in the soak test beside.

const start = new ReleaseLab(["api-handler"]);
const first = start.deploy();

// Hundreds of releases.
const many = { timeout: 60_000 };

/** As many as are there, so that a loop that kills nobody is noticed. */
const leastPlaces = 35;

it("is resumed to the end from every place that a good release can be killed at", many, async () => {
  await first;
  const options = { waitFor: "immediate" } as const;
  const places = await killedAnywhere({
    ...{ from: start, work: deploy(options), recover: resume(options) },
    ends: ["r2 live"],
  });
  expect(places).toBeGreaterThan(leastPlaces);
});

it("is put back from every place that a release can be killed at", many, async () => {
  await first;
  const places = await killedAnywhere({
    ...{ from: start, work: deploy({}), recover: rollback({}) },
    ends: ["r2 put-back"],
  });
  expect(places).toBeGreaterThan(leastPlaces);
});

it.each(["traffic.judge.10", "checkpoint.immediate"])(
  "is put back wherever it is killed when %s is bad",
  many,
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

it("goes on putting back wherever that was killed, and nowhere else", many, async () => {
  await first;
  const canary = start.copy();
  await canary.deploy({ waiting: ["traffic.judge.10"] });
  const places = await killedAnywhere({
    ...{ from: canary, work: rollback({}), recover: resume({}) },
    // Before it was written down that it goes back, nobody can know.
    ends: ["r2 put-back", "r2 live"],
  });
  expect(places).toBe(7);
  expect((await canary.newest()).state).toBe("paused");
});
