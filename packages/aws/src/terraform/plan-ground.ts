import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { PlanReading, ProviderBlock } from "@slipway/analysis";
import type { PlanGround } from "@slipway/contracts";

/** Arguments of providers that are credentials. */
const credentials = new Set(["access_key", "secret_key", "token", "password", "client_secret", "private_key"]);
/** Settings of backends that say where a state lies; all others say how it is reached, and some are credentials. */
const places: Readonly<Record<string, readonly string[]>> = {
  s3: ["bucket", "key", "region", "workspace_key_prefix"],
  local: ["path", "workspace_dir"],
  gcs: ["bucket", "prefix"],
  azurerm: ["storage_account_name", "container_name", "key"],
};

/**
 * What a plan stands on: the providers of its lock file, what their blocks say, and the backend that the folder was initialised with.
 *
 * @param lockFile as text, from the plan file
 */
export async function readGround(
  directory: string,
  lockFile: string,
  { terraformVersion, providerBlocks, variables }: PlanReading,
  onSecret: (secret: string) => void,
): Promise<PlanGround> {
  return {
    terraform: terraformVersion,
    providers: [...lockFile.matchAll(/^provider "([^"]+)" \{\n\s*version\s*=\s*"([^"]+)"/gm)].map(
      ([, source = "", version = ""]) => ({ source, version }),
    ),
    providerBlocks: Object.entries(providerBlocks)
      .map(([name, block]) => ({ name, arguments: digests(block, variables, onSecret) }))
      .sort((left, right) => (left.name < right.name ? -1 : 1)),
    backend: await readBackend(directory),
  };
}

function digests(
  { expressions = {} }: ProviderBlock,
  variables: Readonly<Record<string, unknown>>,
  onSecret: (secret: string) => void,
): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, expression] of Object.entries(expressions)) {
    if (credentials.has(name)) {
      const constant = (expression as { readonly constant_value?: unknown } | null)?.constant_value;
      if (typeof constant === "string") {
        onSecret(constant);
      }
    } else {
      const text = withoutLoopback(JSON.stringify([expression, valuesOf(expression, variables)]));
      result[name] = createHash("sha256").update(text).digest("hex");
    }
  }
  return result;
}

/** The values of the root module's variables that an expression names. */
function valuesOf(expression: unknown, variables: Readonly<Record<string, unknown>>): unknown[] {
  const names = [...JSON.stringify(expression).matchAll(/"var\.(\w+)"/g)].map(([, name = ""]) => name);
  return [...new Set(names)].sort().map((name) => [name, variables[name] ?? null]);
}

/** A local AWS listens where there is room: that is no other place. */
function withoutLoopback(json: string): string {
  return json.replaceAll(/http:\/\/(127\.0\.0\.1|localhost):\d+/g, "http://loopback");
}

/** `init` leaves it there, without what came from the environment; without a backend block there is no such file. */
async function readBackend(directory: string): Promise<PlanGround["backend"]> {
  const text = await readFile(join(directory, ".terraform/terraform.tfstate"), "utf8").catch(() => "{}");
  const { backend }: { backend?: { type: string; config: Record<string, unknown> } } = JSON.parse(text);
  const { type, config } = backend ?? { type: "local", config: {} };
  const settings = (places[type] ?? []).flatMap((name): [string, string][] => {
    const value = config[name];
    return typeof value === "string" && value !== "" ? [[name, value]] : [];
  });
  return { type, settings: Object.fromEntries(settings) };
}
