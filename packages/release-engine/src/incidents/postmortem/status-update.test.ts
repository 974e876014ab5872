import type { IncidentImpact } from "@slipway/contracts";
import { describe, expect, it } from "vitest";
import { statusUpdate, updateKinds } from "./status-update.ts";
import { IncidentStory, wholeStory } from "./test/incident-story.ts";

const impact: IncidentImpact = {
  ...{ from: "2026-11-28T12:05:00.000Z", to: "2026-11-28T12:15:00.000Z" },
  ...{ requests: 12_345, failed: 1_481, slow: 120, refused: 0, callers: 42, badMinutes: 8 },
};

describe("statusUpdate", () => {
  it("reads well to colleagues", () => {
    const record = wholeStory().record();
    expect(updateKinds.map((kind) => statusUpdate(record, impact, kind))).toMatchInlineSnapshot(`
      [
        "i1, severity 2, investigating: 5xx at shop/prod. Since 2026-11-28 12:05 UTC. 1,481 of 12,345 requests failed (12 %), 120 were slow and 42 callers were hit. r2 is suspected (93 %): r2 went live 2 min before. Jane commands it.",
        "i1, severity 2, identified: 5xx at shop/prod. Since 2026-11-28 12:05 UTC. 1,481 of 12,345 requests failed (12 %), 120 were slow and 42 callers were hit. r2 is suspected (93 %): r2 went live 2 min before. Next: slipway rollback prod, because r2 went live 2 min before. Jane commands it.",
        "i1, severity 2, monitoring: 5xx at shop/prod. Done: slipway rollback prod (r2 was put back). 1,481 of 12,345 requests failed (12 %), 120 were slow and 42 callers were hit. It is not over before the numbers say so. Jane commands it.",
        "i1, severity 2, resolved: 5xx at shop/prod. From 2026-11-28 12:05 UTC to 2026-11-28 12:15 UTC. 1,481 of 12,345 requests failed (12 %), 120 were slow and 42 callers were hit. r2 is suspected (93 %): r2 went live 2 min before. Done: slipway rollback prod (r2 was put back). 0 of 400 failed in 5 minutes.",
      ]
    `);
  });

  it("reads well to customers, and says nothing of how it is built", () => {
    const record = wholeStory().record();
    const updates = updateKinds.map((kind) => statusUpdate(record, impact, kind, "customers"));
    expect(updates).toMatchInlineSnapshot(`
      [
        "We are looking into a problem: since 2026-11-28 12:05 UTC, some requests fail and answers take longer than usual. So far this affects about 12 % of all requests. We will write again as soon as we know more.",
        "We have found the cause of a problem: since 2026-11-28 12:05 UTC, some requests fail and answers take longer than usual. We are working on it. So far this affects about 12 % of all requests. We will write again when it is fixed.",
        "We have put a fix in place for the problem since 2026-11-28 12:05 UTC: some requests failed and answers took longer than usual. We are watching whether it holds. We will write again when it is over.",
        "The problem is over. From 2026-11-28 12:05 UTC to 2026-11-28 12:15 UTC, some requests failed and answers took longer than usual. This affected about 12 % of all requests. We are sorry for the trouble.",
      ]
    `);
    expect(updates.join(" ")).not.toMatch(/shop|r2|slipway|rollback|severity|Jane/);
  });

  it("does not tell customers that the service fails where a backup was not made", () => {
    const story = new IncidentStory();
    story.open(7, {
      signals: [
        {
          ...{ id: "backup alarm shop-backups", kind: "backup", what: "shop-backups is in ALARM", since: story.at(7) },
          resource: { type: "alarm", name: "shop-backups" },
        },
      ],
    });

    expect(statusUpdate(story.record(), undefined, "investigating", "customers")).toMatch(
      /: since .* UTC, one of our regular backups is missing\./,
    );
  });

  it("leaves out what nobody knows", () => {
    const story = new IncidentStory();
    story.open(7, { signals: [] });
    const record = story.record();
    expect(updateKinds.map((kind) => statusUpdate(record, undefined, kind))).toMatchInlineSnapshot(`
      [
        "i1, severity 2, investigating: 5xx at shop/prod. Since 2026-11-28 12:05 UTC. The cause is not known yet. Nobody commands it yet.",
        "i1, severity 2, identified: 5xx at shop/prod. Since 2026-11-28 12:05 UTC. Nobody commands it yet.",
        "i1, severity 2, monitoring: 5xx at shop/prod. It is not over before the numbers say so. Nobody commands it yet.",
        "i1, severity 2, resolved: 5xx at shop/prod. Since 2026-11-28 12:05 UTC.",
      ]
    `);
    expect(updateKinds.map((kind) => statusUpdate(record, undefined, kind, "customers"))).toMatchInlineSnapshot(`
      [
        "We are looking into a problem: since 2026-11-28 12:05 UTC, the service may not work as it should. We will write again as soon as we know more.",
        "We have found the cause of a problem: since 2026-11-28 12:05 UTC, the service may not work as it should. We are working on it. We will write again when it is fixed.",
        "We have put a fix in place for the problem since 2026-11-28 12:05 UTC: the service may not have worked as it should. We are watching whether it holds. We will write again when it is over.",
        "The problem is over. Since 2026-11-28 12:05 UTC, the service may not have worked as it should. We are sorry for the trouble.",
      ]
    `);
  });
});
