import type { AlarmDrill } from "@slipway/release-engine";
import { afterAll, beforeAll, expect, test } from "vitest";
import { golden } from "../test/golden.ts";
import { freePort, type LocalAwsFixture, localAwsFixture } from "../test/local-aws-fixture.ts";
import { runSlipway } from "../test/run-slipway.ts";
import { ControlClient } from "./control-client.ts";
import { LocalAlarmExerciser } from "./local-alarm-exerciser.ts";

// Drills of alarms that are there: packages/local-aws (alarm-drills.test.ts), and e2e of a deployed environment.

let fixture: LocalAwsFixture;

beforeAll(async () => {
  fixture = await localAwsFixture();
});

afterAll(() => fixture.close());

test("asks local AWS for the drill of an alarm, and gives its answer", async () => {
  const drill: AlarmDrill = { alarm: "busy", goesOff: true, recovers: true, actions: [], found: "goes off" };
  const asked: unknown[] = [];
  const client = {
    async call<T>(...request: unknown[]): Promise<T> {
      asked.push(request);
      return drill as T;
    },
  };
  expect(await new LocalAlarmExerciser(client).exercise("busy")).toEqual(drill);
  expect(asked).toEqual([["POST", "alarm-drills", { name: "busy" }]]);
  await golden("local alarm-drill", { version: 1, drills: [drill] });
});

test("an alarm that is not there is a failure that says so", async () => {
  const exerciser = new LocalAlarmExerciser(new ControlClient(fixture.localAws.port));
  await expect(exerciser.exercise("gone")).rejects.toMatchObject({
    name: "ReleaseError",
    kind: "failed",
    why: "There is no alarm 'gone'.",
  });
});

test("so is a local AWS that does not answer", async () => {
  await expect(new LocalAlarmExerciser(new ControlClient(await freePort())).exercise("busy")).rejects.toMatchObject({
    kind: "unreachable",
    why: expect.stringContaining("Start it with: slipway local start"),
  });
});

test("one that was interrupted does not begin", async () => {
  const exerciser = new LocalAlarmExerciser(new ControlClient(fixture.localAws.port));
  await expect(exerciser.exercise("busy", AbortSignal.abort())).rejects.toMatchObject({ name: "AbortError" });
});

test("the command does not go on with the next alarm after a Ctrl-C", async () => {
  const words = ["local", "alarm-drill", "busy", "--port", `${fixture.localAws.port}`];
  const { code, stderr } = await runSlipway(words, { signal: AbortSignal.abort() });
  expect([code, stderr]).toEqual([130, "slipway: interrupted.\n"]);
});

test("the command says when there is nothing to exercise, and when there is no such alarm", async () => {
  expect(await fixture.local("alarm-drill")).toEqual({ code: 0, stdout: "There are no alarms.\n", stderr: "" });
  expect(await fixture.local("alarm-drill", "--output", "json")).toMatchObject({
    code: 0,
    stdout: '{"version":1,"drills":[]}\n',
  });
  expect((await fixture.local("alarm-drill", "gone")).stderr).toContain("There is no alarm 'gone'.");
});
