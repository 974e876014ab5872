import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { ReleaseError } from "../release-error.ts";
import { fakeHandlers } from "../test/fake-handlers.ts";
import { ReleaseLab } from "../test/release-lab.ts";
import type { StepHandlers } from "./step-handler.ts";

const SECRET = "correct horse battery";
const KEY_LINE = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj";
/** Put together here, so that no scanner of this repository takes it for a real one. */
const key = (end: "BEGIN" | "END") => `-----${end} ${"PRIVATE"} KEY-----`;

/** Releases with one handler that is another; everything that was shown, told, thrown and written down, as one text. */
async function release(changed: Partial<StepHandlers>) {
  const lab = new ReleaseLab(["api-handler"]);
  lab.redactor.learn(SECRET);
  const come: unknown = await lab
    .deploy({ handlers: { ...fakeHandlers(lab.world), ...changed } })
    .catch((error: unknown) => error);
  const entries = await lab.ledger.read();
  return { come, shown: inspect([lab.progress, lab.told, entries, come], { depth: 20, showHidden: true }) };
}

describe("what a handler says has no secrets in it, which it need not see to:", () => {
  it("its lines, and a key that comes line by line", async () => {
    const { shown } = await release({
      checklist: async ({ line }) => {
        for (const text of [`it said ${SECRET}`, key("BEGIN"), KEY_LINE, key("END"), "and goes on"]) {
          line(text);
        }
        return { outcome: "paused", summary: "wait", next: "go" };
      },
    });
    expect(shown).toContain("it said (redacted)");
    expect(shown).toContain("and goes on");
    expect(shown).not.toContain(SECRET);
    expect(shown).not.toContain(KEY_LINE);
  });

  it("its summary, and what to do next", async () => {
    const { come, shown } = await release({
      checklist: async () => ({ outcome: "paused", summary: `with ${SECRET}`, next: `type ${SECRET}` }),
    });
    expect(come).toMatchObject({ state: "paused", reason: "with (redacted)", next: "type (redacted)" });
    expect(shown).not.toContain(SECRET);
  });

  it("its verdict", async () => {
    const { come, shown } = await release({
      checklist: async () => ({ outcome: "failed", summary: `the answer was ${SECRET}`, next: "look" }),
    });
    expect(come).toMatchObject({ state: "failed" });
    expect(shown).toContain("the answer was (redacted)");
    expect(shown).not.toContain(SECRET);
  });

  it("what goes wrong, with what that came from", async () => {
    const { come, shown } = await release({
      checklist: async () => {
        const words = { kind: "denied", what: `no ${SECRET}`, why: `why ${SECRET}`, next: `next ${SECRET}` } as const;
        throw new ReleaseError(words, { cause: new Error(SECRET) });
      },
    });
    expect(come).toBeInstanceOf(ReleaseError);
    expect(come).toMatchObject({ kind: "denied", what: "no (redacted)", why: "why (redacted)" });
    expect(shown).not.toContain(SECRET);
  });

  it("a bug of ours, which keeps its name and where it came from", async () => {
    const { come, shown } = await release({
      checklist: async () => {
        throw new TypeError(`cannot read ${SECRET}`);
      },
    });
    expect(come).toBeInstanceOf(TypeError);
    expect(come).toMatchObject({ name: "TypeError", message: "cannot read (redacted)" });
    expect((come as Error).stack).toContain("run-step.test.ts");
    expect(shown).not.toContain(SECRET);
  });
});
