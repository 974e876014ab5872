import type { PlannedResource } from "@slipway/contracts";
import { JsonPicker } from "./json-picker.ts";
import type { PlannedChange, TerraformPlanJson } from "./plan-json.ts";
import { plannedResource } from "./planned-resource.ts";
import { isMarked, sensitiveTexts } from "./sensitive-values.ts";

/** An output, or a variable, as a plan's JSON has it. */
interface OutputChange {
  readonly actions: readonly string[];
  readonly before?: unknown;
  readonly after?: unknown;
  readonly before_sensitive?: unknown;
  readonly after_sensitive?: unknown;
}

/** One provider block, as a plan's `configuration` has it. */
export interface ProviderBlock {
  readonly full_name?: string;
  readonly expressions?: Readonly<Record<string, unknown>>;
}

/** What was read of a plan. */
export interface PlanReading {
  /** For `judgePlan`: without what does not change anything and is not judged. */
  readonly plan: TerraformPlanJson;
  readonly terraformVersion: string;
  /** Those that change. */
  readonly resources: readonly PlannedResource[];
  /** Names of the outputs that change. */
  readonly outputs: readonly string[];
  /** By their names in the plan: `aws`, `module.x:aws`. */
  readonly providerBlocks: Readonly<Record<string, ProviderBlock>>;
  /** Values of the root module's variables that are not sensitive. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** Whether an argument of a resource, or a part of it, is marked as sensitive. */
  isSensitive(address: string, attribute: string): boolean;
}

/**
 * Reads what `terraform show -json PLANFILE` prints while it prints it.
 *
 * @example
 * const reader = new PlanReader((secret) => redactor.learn(secret));
 * for await (const chunk of stream) reader.write(chunk);
 * const findings = judgePlan(reader.end().plan, policy);
 */
export class PlanReader {
  readonly #picker: JsonPicker;
  readonly #onSecret: (secret: string) => void;
  readonly #changes: PlannedChange[] = [];
  readonly #resources: PlannedResource[] = [];
  readonly #sensitive = new Map<string, Set<string>>();
  readonly #head: Record<string, unknown> = {};
  #wasThere = false;
  #deferred = 0;

  /** @param onSecret gets every text that the plan marks as sensitive; the reading has none of them but where they are judged */
  constructor(onSecret: (secret: string) => void) {
    this.#onSecret = onSecret;
    const whole = (...path: string[]) => ({
      path,
      take: (json: string) => {
        this.#head[path.join(".")] = JSON.parse(json);
      },
    });
    this.#picker = new JsonPicker([
      ...["format_version", "terraform_version", "errored", "complete", "output_changes", "variables"].map((name) =>
        whole(name),
      ),
      whole("configuration", "provider_config"),
      whole("configuration", "root_module", "variables"),
      { path: ["resource_changes", "*"], take: (json) => this.#take(JSON.parse(json)) },
      { path: ["deferred_changes", "*"], take: () => this.#deferred++ },
    ]);
  }

  /** @throws {Error} where it is no JSON */
  write(chunk: Uint8Array): void {
    this.#picker.write(chunk);
  }

  /** @throws {Error} where it stops half-way */
  end(): PlanReading {
    this.#picker.end();
    const head = this.#head;
    const outputs = Object.entries((head.output_changes ?? {}) as Record<string, OutputChange>);
    for (const [, output] of outputs) {
      sensitiveTexts(output.before, output.before_sensitive, this.#onSecret);
      sensitiveTexts(output.after, output.after_sensitive, this.#onSecret);
    }
    const sensitive = this.#sensitive;
    return {
      plan: {
        format_version: head.format_version as string,
        ...(head.errored === undefined ? {} : { errored: head.errored === true }),
        ...(head.complete === undefined ? {} : { complete: head.complete === true }),
        resource_changes: this.#changes,
        deferred_changes: Array.from({ length: this.#deferred }),
        // Terraform lists everything that is in the state among the changes, so that its list of what was there is not needed.
        prior_state: { values: { root_module: { resources: this.#wasThere ? [{ mode: "managed" }] : [] } } },
      },
      terraformVersion: String(head.terraform_version ?? ""),
      resources: this.#resources,
      outputs: outputs.filter(([, { actions }]) => !actions.includes("no-op")).map(([name]) => name),
      providerBlocks: (head["configuration.provider_config"] ?? {}) as Record<string, ProviderBlock>,
      variables: this.#variables(),
      isSensitive: (address, attribute) => sensitive.get(address)?.has(attribute) ?? false,
    };
  }

  #take(full: PlannedChange & { readonly change: OutputChange }): void {
    const { before_sensitive, after_sensitive, before, after } = full.change;
    sensitiveTexts(before, before_sensitive, this.#onSecret);
    sensitiveTexts(after, after_sensitive, this.#onSecret);
    if (full.mode !== "managed") {
      return;
    }
    this.#wasThere ||= typeof before === "object" && before !== null;
    for (const [name, mark] of [...marksOf(before_sensitive), ...marksOf(after_sensitive)]) {
      if (isMarked(mark)) {
        const names = this.#sensitive.get(full.address) ?? new Set();
        this.#sensitive.set(full.address, names.add(name));
      }
    }
    const resource = plannedResource(full);
    if (resource !== undefined) {
      this.#resources.push(resource);
    }
    const { address, module_address, mode, type, name, change } = full;
    const { actions, after_unknown, replace_paths } = change;
    this.#changes.push({
      ...{ address, mode, type, name },
      ...(module_address === undefined ? {} : { module_address }),
      change: {
        ...{ actions, after },
        // What was there is judged only where it changes.
        before: resource === undefined ? null : before,
        ...(isMarked(after_unknown) ? { after_unknown } : {}),
        ...(replace_paths === undefined ? {} : { replace_paths }),
      },
    });
  }

  /** The plan has the values of all variables, and only the configuration says which of them are sensitive. */
  #variables(): Record<string, unknown> {
    const declared = (this.#head["configuration.root_module.variables"] ?? {}) as Record<
      string,
      { readonly sensitive?: boolean; readonly default?: unknown }
    >;
    const values = (this.#head.variables ?? {}) as Record<string, { readonly value?: unknown }>;
    const shown: Record<string, unknown> = {};
    for (const [name, { value }] of Object.entries(values)) {
      if (declared[name]?.sensitive === true) {
        sensitiveTexts(value, true, this.#onSecret);
      } else {
        shown[name] = value;
      }
    }
    for (const { sensitive, default: value } of Object.values(declared)) {
      sensitiveTexts(value, sensitive === true, this.#onSecret);
    }
    return shown;
  }
}

function marksOf(mark: unknown): [string, unknown][] {
  return typeof mark === "object" && mark !== null ? Object.entries(mark) : [];
}
