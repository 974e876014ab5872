import { expect, it } from "vitest";
import type { ReleaseRecord } from "../ledger/release-record.ts";
import type { TerraformState } from "../ports/terraform-states.ts";
import { ReleaseError } from "../release-error.ts";
import { ReleaseLab } from "../test/release-lab.ts";
import { type AdoptionPorts, adoptedVersions } from "./adopted-versions.ts";

const NOW = Date.UTC(2026, 10, 28, 12);
const functions = [
  { name: "orders", outputs: { functionName: "function", alias: "alias", artifactBucket: "bucket" } },
] as never;
const state: TerraformState = { serial: 3, resources: [], outputs: { function: "orders-prod", alias: "live" } };

/** An environment whose alias is at a version with so many calls. */
function look(
  {
    version = "7",
    calls = [0, 12] as number[] | ReleaseError,
    found = state as TerraformState | null,
    alias = undefined as ReleaseError | undefined,
  },
  records: readonly ReleaseRecord[] = [],
) {
  const ports: AdoptionPorts = {
    state: async () => found ?? undefined,
    reader: {
      readAlias: async () => {
        if (alias !== undefined) throw alias;
        return { version, revisionId: "1", weights: {} };
      },
    },
    metrics: {
      read: async ([question], { from, to }) => {
        if (calls instanceof ReleaseError) throw calls;
        expect(question).toMatchObject({ metric: { dimensions: { Resource: "orders-prod:live" } } });
        expect([from, to]).toEqual([NOW - 14 * 86_400_000, NOW]);
        return [{ id: "calls", label: "", points: calls.map((value) => ({ at: NOW, value })) }];
      },
    },
    clock: { now: () => NOW },
  };
  return adoptedVersions(ports, { functions, records });
}

const failure = (kind: "not-found" | "denied" | "interrupted") =>
  new ReleaseError({ kind, what: "-", why: "-", next: "-" });
const adopted = [{ function: "orders", functionName: "orders-prod", alias: "live", version: "7" }];

it("names a published version that has traffic and that no release has made", async () => {
  expect(await look({})).toEqual(adopted);
});

it("takes traffic that cannot be measured for traffic", async () => {
  expect(await look({ calls: failure("denied") })).toEqual(adopted);
  await expect(look({ calls: failure("interrupted") })).rejects.toMatchObject({ kind: "interrupted" });
});

it.each([
  ["nothing is applied yet", { found: null }],
  ["the function comes with this release", { found: { ...state, outputs: {} } }],
  ["there is no alias", { alias: failure("not-found") }],
  ["nobody calls it, as nobody calls Terraform's placeholder", { calls: [0, 0] }],
  ["nobody ever called it", { calls: [] }],
])("names nothing where %s", async (_, world) => {
  expect(await look(world)).toEqual([]);
});

it.each([[[0, 12]], [[]]])(
  "refuses an alias at $LATEST, before anything is changed, whoever calls it: %j",
  async (calls) => {
    await expect(look({ version: "$LATEST", calls })).rejects.toMatchObject({
      ...{ kind: "conflict", what: "The alias live of orders-prod points at $LATEST" },
      next: expect.stringMatching(/--function-version VERSION; then type the same command again: it will be compared/),
    });
  },
);

it("fails where the alias cannot be looked at", async () => {
  await expect(look({ alias: failure("denied") })).rejects.toMatchObject({ kind: "denied" });
});

it("knows the placeholder that an earlier first release has found, whoever has called it since", async () => {
  const { record } = await new ReleaseLab(["orders"]).deploy();
  const before = record.functions[0]?.previousVersion ?? "";

  expect(await look({ version: before }, [record])).toEqual([]);
  expect(await look({ version: "7" }, [record])).toEqual(adopted);
  const adopting = { ...record, plan: { ...record.plan, adopts: adopted } };
  expect(await look({ version: before }, [adopting])).toEqual([{ ...adopted[0], version: before }]);
});
