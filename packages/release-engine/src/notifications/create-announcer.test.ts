import { type LedgerBody, type Moment, moments } from "@slipway/contracts";
import { describe, expect, it } from "vitest";
import type { Message, Notifier } from "../ports/notifier.ts";
import { createRedactor } from "../redaction/create-redactor.ts";
import { ReleaseError } from "../release-error.ts";
import { createAnnouncer } from "./create-announcer.ts";

const message: Message = {
  ...{ moment: "release-failed", environment: "prod", release: "r2" },
  ...{ title: "r2 of prod failed", text: "code.prove.orders: got 500", next: "slipway show prod r2" },
};

/** A channel that does something with a message. */
function channel(name: string, send: Notifier["send"], wanted: readonly Moment[] = moments): Notifier {
  return { channel: name, moments: wanted, send };
}

async function announce(
  notifiers: Notifier[],
  { write, withinMs }: { write?: () => Promise<void>; withinMs?: number } = {},
) {
  const written: LedgerBody[] = [];
  const lines: string[] = [];
  const redactor = createRedactor();
  redactor.learn("hunter2hunter2");
  const announcer = createAnnouncer({
    ...{ notifiers, redactor, onLine: (text) => lines.push(text) },
    ...(withinMs !== undefined && { withinMs }),
  });
  await announcer.announce(message, write ?? (async (body) => void written.push(body)));
  return { written, lines };
}

const failing = new ReleaseError({
  kind: "unreachable",
  what: "The webhook ops was not told",
  why: "it answered 500",
  next: "",
});

describe("createAnnouncer", () => {
  it("tells all who want the moment, and writes down each", async () => {
    const told: string[] = [];
    const { written, lines } = await announce([
      channel("sns", async ({ title }) => void told.push(`sns: ${title}`)),
      channel("webhook ops", async ({ title }) => void told.push(`ops: ${title}`), ["release-failed"]),
      channel("webhook quiet", async () => void told.push("quiet"), ["approval-needed"]),
    ]);

    expect(told).toEqual(["sns: r2 of prod failed", "ops: r2 of prod failed"]);
    expect(written).toEqual([
      { type: "notification.sent", moment: "release-failed", channel: "sns", outcome: "sent" },
      { type: "notification.sent", moment: "release-failed", channel: "webhook ops", outcome: "sent" },
    ]);
    expect(lines).toEqual(["told sns: r2 of prod failed", "told webhook ops: r2 of prod failed"]);
  });

  it("goes on when a channel fails, has a bug, or never answers, and says so", async () => {
    const { written, lines } = await announce(
      [
        channel("a", () => Promise.reject(failing)),
        channel("b", () => Promise.reject(new TypeError("https://hooks.example.com/secret"))),
        channel("c", () => new Promise(() => {})),
        channel("d", async () => {}),
      ],
      { withinMs: 30 },
    );

    expect(written).toMatchObject([
      { channel: "a", outcome: "failed", detail: "The webhook ops was not told: it answered 500" },
      { channel: "b", outcome: "failed", detail: "an unexpected error: TypeError" },
      { channel: "c", outcome: "failed", detail: "It did not answer: no answer within 0.03 s" },
      { channel: "d", outcome: "sent" },
    ]);
    expect(lines[0]).toBe("NOT told a: The webhook ops was not told: it answered 500");
    expect(lines.join()).not.toContain("secret");
  });

  it("says nothing through what is not there yet", async () => {
    const topic: Notifier = { ...channel("sns", () => Promise.reject(failing)), isThere: async () => false };

    expect(await announce([topic])).toEqual({ written: [], lines: [] });
  });

  it("goes on when it cannot be written down", async () => {
    const { lines } = await announce([channel("sns", async () => {})], { write: () => Promise.reject(failing) });

    expect(lines.at(-1)).toBe("what became of the message to sns could not be written down");
  });

  it("sends no secret", async () => {
    const sent: Message[] = [];
    const redactor = createRedactor();
    redactor.learn("hunter2hunter2");
    const announcer = createAnnouncer({ notifiers: [channel("sns", async (each) => void sent.push(each))], redactor });

    await announcer.announce({ ...message, text: "the body was hunter2hunter2" }, async () => {});

    expect(sent[0]?.text).not.toContain("hunter2");
  });
});
