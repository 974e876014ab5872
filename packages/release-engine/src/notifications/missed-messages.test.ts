import type { Holder, LedgerBody, LedgerEntry, Moment } from "@slipway/contracts";
import { describe, expect, it } from "vitest";
import { missedMessages } from "./missed-messages.ts";

const at = "2026-11-28T12:00:00.000Z";
const now = Date.parse(at) + 60_000;
const holder: Holder = { id: "x", actor: { name: "Joe" }, host: "ci-7", pid: 7, command: "slipway deploy prod" };

function entries(...bodies: (LedgerBody | [LedgerBody, string | null])[]): LedgerEntry[] {
  return bodies.map((each, index) => {
    const [body, release] = Array.isArray(each) ? each : [each, "r2"];
    return { ...{ environment: "prod", sequence: index + 1, at, by: { name: "Jane" }, release, body } } as LedgerEntry;
  });
}

const ended = (outcome: "live" | "failed" | "put-back" | "superseded"): LedgerBody => ({
  ...{ type: "release.ended", outcome, reason: "because", functions: [] },
});
const sent = (moment: Moment, outcome: "sent" | "failed" = "sent"): LedgerBody => ({
  ...{ type: "notification.sent", moment, channel: "sns", outcome },
});
const paused = (kind: "infrastructure.approve" | "traffic.judge"): LedgerBody => ({
  ...{ type: "release.paused", step: kind, kind, reason: "1 approval is missing", next: "slipway approve prod" },
});

const missed = (...bodies: Parameters<typeof entries>) =>
  missedMessages(entries(...bodies), now, " --local").map(({ moment, title }) => `${moment}: ${title}`);

describe("missedMessages", () => {
  it.each<[LedgerBody, string]>([
    [ended("live"), "release-succeeded: r2 of prod is live"],
    [ended("failed"), "release-failed: r2 of prod failed"],
    [ended("put-back"), "release-put-back: r2 of prod was put back"],
    [paused("infrastructure.approve"), "approval-needed: r2 of prod is paused at infrastructure.approve"],
    [paused("traffic.judge"), "release-paused: r2 of prod is paused at traffic.judge"],
    [
      { type: "checkpoint.judged", window: "short", verdict: "unknown", evidence: [] },
      "checkpoint-unknown: Nobody knows how r2 of prod does at its checkpoint short (1h)",
    ],
  ])("finds what was written down and not said: %j", (body, expected) => {
    expect(missed(body)).toEqual([expected]);
  });

  it("tells of a lease that was broken, by whom and whose", () => {
    const [message] = missedMessages(
      entries([{ type: "lease.broken", holder, reason: "its machine is gone" }, null]),
      now,
      "",
    );

    expect(message).toMatchObject({
      ...{ moment: "lease-broken", environment: "prod", release: null, next: "slipway status prod" },
      text: expect.stringMatching(
        /^Jane took it from Joe \(slipway deploy prod on ci-7\): its machine is gone; told late/,
      ),
    });
  });

  it("says nothing twice, delivered or not", () => {
    expect(missed(ended("live"), sent("release-succeeded"))).toEqual([]);
    expect(missed(ended("live"), sent("release-succeeded", "failed"))).toEqual([]);
  });

  it("takes no word about another release, or another moment, for it", () => {
    expect(missed(ended("live"), [sent("release-succeeded"), "r1"])).toHaveLength(1);
    expect(missed(ended("live"), sent("checkpoint-passed"))).toHaveLength(1);
  });

  it("tells the newest only where the same happened again", () => {
    expect(missed(paused("traffic.judge"), { type: "release.resumed" }, paused("traffic.judge"))).toHaveLength(1);
    expect(missed(paused("traffic.judge"), sent("release-paused"), paused("traffic.judge"))).toHaveLength(1);
  });

  it("leaves what is a day old, and what nobody needs to know", () => {
    expect(missedMessages(entries(ended("live")), now + 86_400_000, "")).toEqual([]);
    expect(missed(ended("superseded"), { type: "release.resumed" })).toEqual([]);
  });
});
