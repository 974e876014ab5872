import * as z from "zod";
import { slipwayConfigSchema } from "./slipway-config.ts";

/** Names of all keys that a `slipway.config.ts` may have, at whatever depth. */
export function configurationKeys(): string[] {
  const names = new Set<string>();
  const collect = (schema: unknown): void => {
    if (typeof schema === "object" && schema !== null) {
      for (const [member, value] of Object.entries(schema)) {
        if (member === "properties" && typeof value === "object" && value !== null) {
          for (const name of Object.keys(value)) {
            names.add(name);
          }
        }
        collect(value);
      }
    }
  };
  collect(z.toJSONSchema(slipwayConfigSchema, { io: "input", unrepresentable: "any" }));
  return [...names];
}
