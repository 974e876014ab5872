import { ManualClock } from "@slipway/testing";
import type { TableSettings } from "../../ports/table-restore.ts";
import { ReleaseError } from "../../release-error.ts";
import type { FakeTable, FakeWorld } from "../../test/fake-world.ts";
import { sha256 } from "../../test/fake-world.ts";
import { frozenSince } from "../freeze-policy.ts";
import type { RestoreDeps } from "../restore-deps.ts";

export const NOON = Date.UTC(2026, 10, 28, 12);

/** Whose name has all that a restore drops. */
export function itemsTable(name: string): FakeTable {
  const settings: TableSettings = {
    ...{ arn: `arn:aws:dynamodb:us-east-1:123456789012:table/${name}`, key: "id S HASH" },
    ...{ indexes: { "status-index": "status HASH, createdAt RANGE; ALL" }, billing: "on demand" },
    ...{ encryption: "arn:aws:kms:us-east-1:123456789012:key/1", tableClass: "STANDARD" },
    ...{ timeToLive: "expiresAtEpoch", recoveryDays: 35, deletionProtection: true, stream: null, policy: null },
    ...{ tags: { Environment: "prod", Service: "items" }, replicas: [], kinesis: [], contributorInsights: [] },
  };
  return { items: 1000, settings, revision: 0 };
}

/** A world in which Terraform has a table. */
export function withTable(world: FakeWorld, address: string, name: string): void {
  world.tables[name] = itemsTable(name);
  world.adopted[address] = name;
}

/** AWS and Terraform, as far as a restore goes, on a world in memory; a restore takes no time. */
export function fakeRestoreDeps(
  world: FakeWorld,
  more: Partial<RestoreDeps> & { readonly alarms?: RestoreDeps["alarms"] } = {},
): RestoreDeps {
  const find = (name: string) => {
    const table = world.tables[name];
    if (table === undefined) {
      throw new ReleaseError({ kind: "not-found", what: `There is no table ${name}`, why: "-", next: "-" });
    }
    return table;
  };
  const setPolicy = (name: string, policy: string | null, seen: string | undefined) =>
    world.change(`policy of ${name}`, () => {
      const table = find(name);
      if ((seen ?? "none") !== (table.settings.policy === null ? "none" : String(table.revision))) {
        throw new ReleaseError({ kind: "conflict", what: "another revision", why: "-", next: "-" });
      }
      table.settings = { ...table.settings, policy };
      table.revision += 1;
    });
  return {
    freezer: {
      arn: async (name) => find(name).settings.arn,
      policy: async (name) => {
        const { settings, revision } = find(name);
        return settings.policy === null ? undefined : { document: settings.policy, revision: String(revision) };
      },
      putPolicy: (name, document, seen) => setPolicy(name, document, seen),
      removePolicy: (name, seen) => setPolicy(name, null, seen),
      refusesWrites: async (name) => frozenSince(find(name).settings.policy ?? "{}") !== undefined,
    },
    restorer: {
      window: async () => ({ since: NOON - 86_400_000, until: NOON, days: 35 }),
      begin: (from, _, restored) =>
        world.change(`restore ${restored}`, () => {
          if (world.tables[restored] !== undefined) {
            return;
          }
          const { items, settings } = find(from);
          world.tables[restored] = {
            items,
            revision: 0,
            settings: {
              ...settings,
              ...{ arn: settings.arn.replace(/[^/]+$/, restored), tags: {}, timeToLive: null, recoveryDays: null },
              ...{ deletionProtection: false, stream: null, policy: null },
            },
          };
        }),
      state: async (name) => (world.tables[name] === undefined ? "none" : "ready"),
      roughCount: async (name) => find(name).items,
      remove: (name) =>
        world.change(`delete ${name}`, () => {
          if (find(name).settings.deletionProtection) {
            throw new ReleaseError({ kind: "failed", what: `${name} is protected`, why: "-", next: "-" });
          }
          delete world.tables[name];
        }),
    },
    contents: {
      inspect: async (name) => ({
        items: find(name).items,
        digest: sha256(`${find(name).items} items`),
        indexes: [{ index: "status-index", isActive: true, asked: 100, found: 100 }],
      }),
    },
    settings: {
      read: async (name) => structuredClone(find(name).settings),
      set: (name, setting, value) =>
        world.change(`${setting} of ${name}`, () => {
          find(name).settings = { ...find(name).settings, [setting]: value };
        }),
      tag: (name, { add = {}, remove = [] }) =>
        world.change(`tags of ${name}`, () => {
          const tags = { ...find(name).settings.tags, ...add };
          find(name).settings = {
            ...find(name).settings,
            tags: Object.fromEntries(Object.entries(tags).filter(([key]) => !remove.includes(key))),
          };
        }),
    },
    // Alarms follow what Terraform has.
    alarms: {
      watching: async (name) => (Object.values(world.adopted).includes(name) ? ["items-prod-throttling"] : []),
    },
    file: {
      write: async (_, value) => {
        await world.change("file", () => {
          world.inUse = value === null ? null : (value as { name: string }).name;
        });
        return { path: "environments/prod/restored-table.auto.tfvars.json", isForCommit: true };
      },
    },
    adoption: {
      tableAt: async (address) => world.adopted[address],
      serial: async () => world.state.serial,
      keepCopy: (name) =>
        world.change(`copy ${name}`, () => {
          world.copies[name] ??= { ...world.adopted };
        }),
      forget: (address) =>
        world.change(`forget ${address}`, () => {
          delete world.adopted[address];
        }),
      adopt: (address, name) =>
        world.change(`adopt ${name}`, () => {
          if (world.adopted[address] !== undefined) {
            throw new ReleaseError({ kind: "failed", what: "Resource already managed", why: "-", next: "-" });
          }
          world.adopted[address] = find(name) && name;
        }),
    },
    variables: { bucket_prefix: "acme-" },
    earlierDigest: async () => undefined,
    clock: new ManualClock(NOON),
    systemClock: new ManualClock(NOON),
    flags: "",
    ...more,
  };
}
