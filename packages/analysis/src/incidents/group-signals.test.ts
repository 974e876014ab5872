import type { IncidentSignal } from "@slipway/contracts";
import { describe, expect, it } from "vitest";
import { groupSignals } from "./group-signals.ts";
import { NOW } from "./test/healthy-measurements.ts";

const dependencies = {
  "api shop/prod": ["function cart", "function stock"],
  "api admin/prod": ["function admin"],
  "function cart": ["table carts"],
  "function stock": ["table goods"],
  "alarm shop-5xx": ["api shop/prod"],
};

function signal(kind: IncidentSignal["kind"], node: string, minutesAgo = 1): IncidentSignal {
  const [type = "", name = ""] = node.split(" ");
  return {
    ...{ id: `${kind} ${node}`, kind, what: "-", since: new Date(NOW - minutesAgo * 60_000).toISOString() },
    resource: { type, name } as IncidentSignal["resource"],
  };
}

const groups = (...signals: IncidentSignal[]) =>
  groupSignals(signals, dependencies).map((group) => group.signals.map(({ id }) => id));

describe("groupSignals", () => {
  it("takes what needs each other for one cause, with its alarms and our own requests", () => {
    expect(
      groups(
        signal("throttling", "table carts"),
        signal("errors", "api shop/prod"),
        signal("alarm", "alarm shop-5xx"),
        signal("probe", "api shop/prod", 0),
        signal("errors", "function cart"),
      ),
    ).toHaveLength(1);
  });

  it("joins two things through the one that needs both", () => {
    expect(groups(signal("errors", "table carts"), signal("errors", "table goods"))).toHaveLength(2);
    expect(
      groups(signal("errors", "table carts"), signal("errors", "table goods"), signal("errors", "api shop/prod")),
    ).toHaveLength(1);
  });

  it("takes what shares nothing for two", () => {
    expect(groups(signal("errors", "api shop/prod"), signal("errors", "function admin"))).toHaveLength(2);
  });

  it("takes what began hours apart for two, unless it is at the same thing", () => {
    expect(groups(signal("latency", "api shop/prod", 300), signal("errors", "table carts"))).toHaveLength(2);
    expect(groups(signal("latency", "api shop/prod", 300), signal("errors", "api shop/prod"))).toHaveLength(1);
  });

  it("keeps a backup that was not made out of an outage of the same minute", () => {
    expect(groups(signal("errors", "api shop/prod"), signal("backup", "alarm shop-backups"))).toEqual([
      ["errors api shop/prod"],
      ["backup alarm shop-backups"],
    ]);
  });

  it("keeps what watches, and what somebody began, as causes of their own", () => {
    expect(
      groups(
        signal("errors", "api shop/prod"),
        signal("monitoring", "alarm shop-5xx"),
        signal("monitoring", "alarm other"),
        signal("operations", "state s3://prod"),
        signal("operations", "lease lease"),
      ),
    ).toEqual([
      ["errors api shop/prod"],
      ["monitoring alarm shop-5xx", "monitoring alarm other"],
      ["operations state s3://prod", "operations lease lease"],
    ]);
  });
});
