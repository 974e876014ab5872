import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { PlanReader } from "@slipway/analysis";
import type { Json } from "@slipway/contracts";
import type { ReleaseTerraform, ReleaseWorkspace, StateLock } from "../../ports/release-terraform.ts";
import type { TerraformEvent } from "../../ports/terraform.ts";
import type { StateResource, StateSource } from "../../ports/terraform-states.ts";
import { ReleaseError } from "../../release-error.ts";
import { Sensitive } from "../../sensitive.ts";

/** A change as Terraform's plan JSON has it. */
export interface FakeChange {
  readonly address: string;
  readonly type: string;
  readonly actions: readonly string[];
  readonly before?: Record<string, unknown> | null;
  readonly after?: Record<string, unknown> | null;
  readonly after_unknown?: unknown;
  readonly after_sensitive?: unknown;
  readonly replace_paths?: readonly (readonly string[])[];
}

/** Terraform, and the state that it works on: a plan is what the test wants to be changed, and its file holds the state's serial. */
export class FakeTerraform implements ReleaseTerraform {
  /** What the next plan has in it; an apply empties it. */
  wanted: readonly FakeChange[] = [];
  /** What is there. */
  resources: StateResource[] = [];
  serial = 0;
  lineage = "";
  provider = "5.100.0";
  bucket = "states";
  outputs: Record<string, { readonly value: Json; readonly sensitive?: boolean }> = {};
  readonly calls: string[] = [];
  lock: StateLock | undefined;
  /** Whose locks are known to be nobody's any more. */
  deadHolder = "jane@killed";
  /** Called in the middle of an apply, when the state was written once. */
  duringApply: () => Promise<void> = async () => undefined;
  #plans = 0;

  async init(): Promise<ReleaseWorkspace> {
    return {
      plan: async ({ planFile }) => {
        this.calls.push("plan");
        const { serial, lineage, wanted } = this;
        // No two plan files are alike, even of the same plan: they have the time in them.
        writeFileSync(planFile, JSON.stringify({ serial, lineage, wanted, plan: ++this.#plans }), { mode: 0o600 });
        const count = (action: string) => wanted.filter(({ actions }) => actions.includes(action)).length;
        return {
          changed: wanted.length > 0,
          counts: { add: count("create"), change: count("update"), destroy: count("delete") },
        };
      },
      show: async ({ planFile, onSecret }) => {
        const bytes = read(planFile);
        const { serial, lineage, wanted } = JSON.parse(bytes.toString());
        const reader = new PlanReader(onSecret);
        reader.write(Buffer.from(JSON.stringify(planJson(wanted, this.resources.length > 0))));
        return {
          digest: createHash("sha256").update(bytes).digest("hex"),
          state: { serial, lineage },
          ground: {
            terraform: "1.11.4",
            providers: [{ source: "registry.terraform.io/hashicorp/aws", version: this.provider }],
            providerBlocks: [],
            backend: { type: "s3", settings: { bucket: this.bucket } },
          },
          reading: reader.end(),
        };
      },
      forget: async ({ address }) => {
        this.calls.push(`forget ${address}`);
        this.resources = this.resources.filter((each) => each.address !== address);
        this.serial += 1;
      },
      import: async ({ address, id }) => {
        this.calls.push(`import ${address} ${id}`);
        const [type = "", name = ""] = address.split(".").slice(-2);
        this.resources.push({ address, type, name, id, attributes: { name: id } });
        this.serial += 1;
      },
      breakAbandonedLock: async ({ lock }) => {
        if (lock.who !== this.deadHolder) {
          throw new ReleaseError({ kind: "busy", what: `locked by ${lock.who}`, why: "-", next: "force-unlock" });
        }
        this.lock = undefined;
      },
      stateVersion: async () => ({ serial: this.serial, lineage: this.lineage }),
      apply: async ({ planFile, onEvent }) => {
        const plan = JSON.parse(read(planFile).toString());
        this.calls.push(`apply ${plan.plan}`);
        if (plan.serial !== this.serial || plan.lineage !== this.lineage) {
          throw new ReleaseError({ kind: "failed", what: "Saved plan is stale", why: "serial", next: "plan again" });
        }
        return await this.#apply(plan.wanted, (event) => onEvent?.(event));
      },
      outputs: async () =>
        Object.fromEntries(
          Object.entries(this.outputs).map(([name, { value, sensitive }]) => [
            name,
            sensitive === true ? new Sensitive(value) : value,
          ]),
        ),
    };
  }

  get state(): StateSource {
    return {
      name: "prod",
      location: "s3://states/prod",
      read: async () => ({ serial: this.serial, resources: [...this.resources], outputs: {} }),
    };
  }

  async #apply(changes: readonly FakeChange[], onEvent: (event: TerraformEvent) => void) {
    this.lineage ||= "lineage-1";
    let done = 0;
    for (const { address, type, after, actions } of changes) {
      onEvent({ type: "apply_start", address, action: actions[0] ?? "" });
      this.resources = this.resources.filter((each) => each.address !== address);
      if (after != null) {
        this.resources.push({ address, type, name: address.split(".").at(-1) ?? "", attributes: after });
      }
      this.wanted = this.wanted.filter((each) => each.address !== address);
      this.serial += 1;
      onEvent({ type: "apply_complete", address, action: actions[0] ?? "", seconds: 1 });
      done += 1;
      if (done === 1) {
        await this.duringApply();
      }
    }
    return { add: done, change: 0, destroy: 0 };
  }
}

function read(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : "";
    throw new ReleaseError({ kind: "failed", what: "The plan file cannot be read", why, next: "plan again" });
  }
}

function planJson(changes: readonly FakeChange[], isThere: boolean) {
  const wasThere = {
    ...{ address: "aws_x.old", mode: "managed", type: "aws_x", name: "old" },
    change: { actions: ["no-op"], before: {}, after: {} },
  };
  return {
    format_version: "1.2",
    terraform_version: "1.11.4",
    resource_changes: [
      ...(isThere ? [wasThere] : []),
      ...changes.map(({ address, type, ...change }) => ({
        ...{ address, mode: "managed", type, name: address.split(".").at(-1) },
        change: { before: null, after: null, ...change },
      })),
    ],
  };
}
