import type { FoundResource } from "@slipway/analysis";
import type { ResourceType } from "@slipway/contracts";
import { describe, expect, it } from "vitest";
import { type FindOrphansOptions, type FindOrphansPorts, findOrphans } from "./find-orphans.ts";
import type { ResourceScanner } from "./ports/inventory.ts";
import { type FailureKind, ReleaseError } from "./release-error.ts";

const failure = (kind: FailureKind, what = "sns:ListTopics failed") =>
  new ReleaseError({ kind, what, why: "so", next: "do" });
const topic = (name: string): FoundResource => ({ type: "sns-topic", id: name, name, arn: `arn:${name}` });

/** A scanner that gives one resource per page. */
function scanner(
  type: ResourceType,
  items: readonly FoundResource[],
  more: Partial<ResourceScanner> = {},
): ResourceScanner {
  return {
    type,
    async list(page = "0") {
      const index = Number(page);
      return { items: items.slice(index, index + 1), next: index + 1 < items.length ? String(index + 1) : undefined };
    },
    describe: async (resource) => ({ ...resource, tags: {} }),
    ...more,
  };
}

async function find(ports: Partial<FindOrphansPorts>, options: Partial<FindOrphansOptions> = {}) {
  return await findOrphans(
    {
      ...{ scanners: [], states: [], costOf: () => undefined },
      usage: { types: new Set(), usesOf: async () => new Map() },
      ...ports,
    },
    {
      ...{ target: "AWS", account: "1", region: "us-east-1", environment: "all", services: ["sns"], directories: {} },
      ...{ rules: [], now: 0, deadline: new AbortController().signal, signal: new AbortController().signal },
      ...options,
    },
  );
}

describe("findOrphans", () => {
  it("reads every page", async () => {
    const { orphans, verdict } = await find({ scanners: [scanner("sns-topic", ["a", "b", "c"].map(topic))] });

    expect(orphans.map(({ id }) => id)).toEqual(["a", "b", "c"]);
    expect(verdict).toBe("orphans");
  });

  it("looks closely only at what nobody owns, and forgets what is gone by then", async () => {
    const looked: string[] = [];
    const describing = scanner("sns-topic", ["owned", "gone", "left"].map(topic), {
      async describe(resource) {
        looked.push(resource.id);
        return resource.id === "gone" ? undefined : { ...resource, tags: {} };
      },
    });
    const { orphans, scanned } = await find({
      scanners: [describing],
      states: [
        {
          ...{ name: "prod", location: "x" },
          read: async () => ({
            ...{ serial: 1, outputs: {} },
            resources: [{ address: "a", type: "aws_sns_topic", name: "t", attributes: { arn: "owned" } }],
          }),
        },
      ],
    });

    expect(looked).toEqual(["gone", "left"]);
    expect(orphans.map(({ id }) => id)).toEqual(["left"]);
    expect(scanned).toMatchObject([{ type: "sns-topic", found: 2, inState: 1, orphans: 1 }]);
  });

  it.each(["denied", "throttled", "unreachable"] as const)("is incomplete when a listing is %s", async (kind) => {
    const { verdict, gaps, scanned } = await find({
      scanners: [scanner("sns-topic", [], { list: () => Promise.reject(failure(kind)) })],
    });

    expect(verdict).toBe("incomplete");
    expect(gaps).toMatchObject([{ subject: "sns-topic", kind }]);
    expect(scanned).toMatchObject([{ complete: false }]);
  });

  it("is incomplete when a closer look fails, and says so once for a thousand resources", async () => {
    const { verdict, gaps, orphans, undecided } = await find({
      scanners: [
        scanner("sns-topic", ["a", "b"].map(topic), {
          describe: ({ id }) => Promise.reject(failure("denied", `sns:ListTagsForResource failed for ${id}`)),
        }),
      ],
    });

    expect(verdict).toBe("incomplete");
    expect(gaps).toHaveLength(1);
    expect(orphans).toEqual([]);
    expect(undecided).toHaveLength(2);
  });

  it("is incomplete when the use cannot be read", async () => {
    const { verdict, gaps, orphans } = await find({
      scanners: [scanner("sns-topic", [topic("a")])],
      usage: { types: new Set(["sns-topic"] as const), usesOf: () => Promise.reject(failure("denied")) },
    });

    expect([verdict, gaps[0]?.subject]).toEqual(["incomplete", "use of sns-topic"]);
    expect(orphans[0]?.use.verdict).toBe("unknown");
  });

  it.each(["deadline", "interrupted"] as const)(
    "is incomplete at its %s, whatever the call says that was cut off",
    async (kind) => {
      const stop = new AbortController();
      const { verdict, gaps } = await find(
        {
          scanners: [
            scanner("sns-topic", [], {
              async list() {
                stop.abort();
                throw new DOMException("cut off", "AbortError");
              },
            }),
          ],
        },
        kind === "deadline" ? { deadline: stop.signal } : { signal: stop.signal },
      );

      expect([verdict, gaps[0]?.kind]).toEqual(["incomplete", kind]);
    },
  );

  it("does not wait for ever where the pages go round in a circle", async () => {
    const { gaps } = await find({
      scanners: [scanner("sns-topic", [], { list: async () => ({ items: [topic("a")], next: "again" }) })],
    });

    expect(gaps[0]?.why).toContain("does not come to an end");
  });

  it("is incomplete when a type has no scanner", async () => {
    expect((await find({})).verdict).toBe("incomplete");
  });

  it("lets a bug of ours be a bug, not a gap", async () => {
    const broken = scanner("sns-topic", [], { list: () => Promise.reject(new TypeError("x is undefined")) });
    await expect(find({ scanners: [broken] })).rejects.toThrow("x is undefined");
  });
});
