import type { Holder } from "@slipway/contracts";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { breakLease } from "../ledger/break-lease.ts";
import { thisHolder } from "../release/this-holder.ts";
import { golden } from "../test/golden.ts";
import { type ReleasedEnvironment, releasedEnvironment } from "../test/released-environment.ts";

let prod: ReleasedEnvironment;
const joe: Holder = { id: "joe", actor: { name: "Joe" }, host: "ci-7", pid: 42, command: "slipway deploy prod" };

beforeAll(async () => {
  prod = await releasedEnvironment({ withFunction: false });
});

afterAll(async () => prod?.close());

beforeEach(async () => {
  const lease = (await prod.ledger("prod").head())?.lease;
  if (lease) await prod.ledger("prod").breakLease(lease, { by: { name: "test" }, reason: "test" });
});

const unlock = (...words: readonly string[]) => prod.run(["unlock", "prod", ...words], { terminal: 200 });

test("where nobody holds the lease, there is nothing to do", async () => {
  const { code, stdout } = await unlock();
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Nobody holds the lease of prod on the AWS at \S+\. Nothing was changed\.\n$/);
});

test("it says who holds it, and wants a reason and a yes", async () => {
  const held = await prod.ledger("prod").take(joe);
  const without = await unlock();
  expect(without.code).toBe(2);
  expect(without.stderr).toMatch(
    /--reason: is missing\. Joe holds the lease of prod since \S+, with `slipway deploy prod` on ci-7 \(process 42\)\..* To take it away: slipway unlock prod --reason 'WHY'/,
  );
  const unasked = await unlock("--reason", "its runner is gone");
  expect(unasked.code).toBe(2);
  expect(unasked.stderr).toContain("To take it away: slipway unlock prod --reason 'its runner is gone' --yes");
  held.assertHeld();
  expect((await prod.ledger("prod").head())?.lease?.holder).toEqual(joe);

  expect((await unlock("--reason", " ", "--yes")).stderr).toContain("--reason: is empty");
});

test("it takes the lease away, writes down who did and why, and the holder can write no more", async () => {
  const held = await prod.ledger("prod").take(joe);
  const { code, stdout } = await unlock("--reason", "its runner is gone", "--yes", "--output", "json", ...prod.asLocal);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ environment: "prod", outcome: "broken", holder: joe });
  await golden("unlock", stdout);
  const last = (await prod.ledger("prod").read()).at(-1);
  expect(last).toMatchObject({
    by: { name: expect.any(String), principal: expect.stringContaining("arn:aws:iam::") },
    body: { type: "lease.broken", holder: joe, reason: "its runner is gone" },
  });
  const draft = { by: joe.actor, release: null, body: { type: "lease.released", holder: joe } } as const;
  await expect(held.append(draft)).rejects.toMatchObject({ kind: "fenced" });
  expect(held.lost.aborted).toBe(true);
});

test("whoever sits at a terminal is asked, and only the right words do it", async () => {
  const place = async (answer: string | undefined) => {
    const ledger = prod.ledger("prod");
    const asked: string[] = [];
    const told: string[] = [];
    const io = {
      ...{ stdout: { write() {} }, stderr: { write() {} }, env: {}, cwd: ".", isTty: true, columns: 80 },
      signal: new AbortController().signal,
      async ask(question: string) {
        asked.push(question);
        return answer;
      },
    };
    const target = { label: "AWS", isLocal: false, flags: "", region: "us-east-1", env: {} };
    const opened = { ledger, target, repository: ".", principal: async () => "arn" } as unknown as Parameters<
      typeof breakLease
    >[0];
    const announcer = { announce: async ({ title }: { readonly title: string }) => void told.push(title) };
    const { outcome } = await breakLease(opened, {
      environment: "prod",
      io,
      mayAsk: true,
      yes: false,
      reason: "gone",
      announcer,
    });
    return { outcome, asked, told };
  };
  await prod.ledger("prod").take(joe);
  expect(await place(undefined)).toMatchObject({ outcome: "interrupted" });
  const { outcome, asked } = await place("yes");
  expect(outcome).toBe("refused");
  expect(asked[0]).toMatch(/^Joe holds the lease of prod since/);
  expect(asked[0]).toContain('Type "unlock prod" to take it away: ');
  expect((await prod.ledger("prod").head())?.lease?.holder.id).toBe("joe");
  const { told, ...done } = await place("unlock prod");
  expect(done.outcome).toBe("broken");
  expect(told).toEqual([expect.stringMatching(/^.+ took the lease of prod away from Joe$/)]);
  expect((await prod.ledger("prod").head())?.lease).toBeNull();
});

test("a lease whose holder is dead needs nobody to take it away", async () => {
  await prod.ledger("prod").take({ ...thisHolder({ name: "Joe" }, "slipway deploy prod"), processStart: "1" });
  const { code, stdout } = await unlock();
  expect(code).toBe(0);
  expect(stdout).toContain("The lease of Joe on prod is over, so the next command takes it by itself.");
});
