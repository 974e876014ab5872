import { expect, it } from "vitest";
import { ReleaseLab } from "../test/release-lab.ts";

it("are those of all that a rollback takes away and brings back, in either direction", async () => {
  const lab = new ReleaseLab();
  for (const authors of [["Zoe"], ["Ada"], ["Bob"], ["Ada", "Cy"]]) {
    await lab.deploy({ authors });
  }

  await lab.rollBack({ to: "r2" });
  expect(await lab.newest()).toMatchObject({ id: "r5", authors: ["Ada", "Bob", "Cy"] });
  expect(await lab.newest()).not.toHaveProperty("authorsUnknown");
  await lab.rollBack({ to: "r3" });
  expect(await lab.newest()).toMatchObject({ id: "r6", authors: ["Bob", "Ada", "Cy"] });
});

it("are not known where those of one release between are not: nobody's approval counts then", async () => {
  const lab = new ReleaseLab();
  await lab.deploy({ authors: ["Zoe"], authorsUnknown: "of another time" });
  await lab.deploy({ authors: ["Ada"] });
  await lab.deploy({ authors: [], authorsUnknown: "a shallow clone" });
  await lab.deploy({ authors: ["Cy"] });

  await lab.rollBack({ to: "r2" });
  expect(await lab.newest()).toMatchObject({ authors: ["Ada", "Cy"], authorsUnknown: "r3: a shallow clone" });
});
