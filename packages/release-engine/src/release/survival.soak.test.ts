import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expectWhole } from "../test/expect-whole.ts";
import { deployWithFault, faults, rollBackWithFault } from "../test/failing-calls.ts";
import { deploy, killedAnywhere, resume, rollback } from "../test/killed-anywhere.ts";
import { Killed, ReleaseLab } from "../test/release-lab.ts";

const names = ["api-handler", "authorizer"];

async function released(): Promise<ReleaseLab> {
  const lab = new ReleaseLab(names);
  await lab.deploy();
  return lab;
}

describe("a process that is killed after every lasting change", () => {
  const bads = ["code.prove.authorizer", "traffic.judge.10", "smoke", "checkpoint.immediate"];
  it.each(["nothing", ...bads])("is resumed when %s is bad", async (id) => {
    const options = { bad: [id], waitFor: "immediate" } as const;
    const end = id === "nothing" ? "live" : id.startsWith("code") ? "failed" : "put-back";
    await killedAnywhere({
      from: await released(),
      work: deploy(options),
      recover: resume(options),
      ends: [`r2 ${end}`],
    });
  });

  it.each(["nothing", ...bads])("is rolled back when %s is bad", async (id) => {
    const options = { bad: [id], waitFor: "immediate" } as const;
    const ends = ["r2 put-back", ...(id.startsWith("code") ? ["r2 failed"] : [])];
    await killedAnywhere({ from: await released(), work: deploy(options), recover: rollback({}), ends });
  });
});

it("converges however often it is killed, and whatever is typed next", async () => {
  const start = await released();
  const kills = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 });
  const commands = fc.infiniteStream(fc.constantFrom("resume", "rollback"));
  const bads = fc.constantFrom("nothing", "code.prove.authorizer", "traffic.judge.10", "smoke", "checkpoint.immediate");
  await fc.assert(
    fc.asyncProperty(kills, commands, bads, async (places, typed, bad) => {
      const lab = start.copy();
      const options = { bad: [bad], waitFor: "immediate" } as const;
      const type = async () => {
        if ((await lab.newest()).id === "r1") return await lab.deploy(options);
        return typed.next().value === "rollback" ? await lab.rollback(options) : await lab.resume(options);
      };
      for (const n of places) {
        lab.killAfter(n);
        await type().catch((error: unknown) => expect(error).toBeInstanceOf(Killed));
        lab.letLive();
      }
      await type();
      await expectWhole(lab);
      // Nobody holds anything: the next one can begin.
      expect((await lab.deploy({ waitFor: "immediate" })).state).toBe("live");
      await expectWhole(lab);
    }),
    { numRuns: 500 },
  );
});

it.each(Object.keys(faults) as (keyof typeof faults)[])(
  "is done or resumed after every call that fails: %s",
  async (fault) => {
    const start = await released();
    for (let n = 1; (await deployWithFault(start, n, fault, { waitFor: "immediate" })) !== "no such call"; n += 1);
  },
);

it.each(Object.keys(faults) as (keyof typeof faults)[])(
  "is rolled back, or typed again, after every call that fails: %s",
  async (fault) => {
    const start = await released();
    await start.deploy();
    await start.deploy();
    for (const to of ["r1", "r2"]) {
      for (let n = 1; (await rollBackWithFault(start, to, n, fault)) !== "no such call"; n += 1);
    }
  },
);
