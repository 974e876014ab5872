import type { InfrastructureFinding } from "@slipway/contracts";
import { finding } from "./finding.ts";
import { look, type ResourceView, unknownFinding } from "./resource-view.ts";

/** The required tags of a resource that can have tags, the provider's default tags included. */
export function judgeTags(view: ResourceView, requiredTags: readonly string[]): InfrastructureFinding[] {
  const place = { address: view.address, attribute: "tags" };
  const words = (missing: readonly string[]) =>
    ({
      id: "tags.required",
      severity: "low",
      reason: `It lacks the tag${missing.length === 1 ? "" : "s"} ${missing.join(", ")}: nobody can tell whose it is, what it costs them, and whether it may go.`,
      next: "add it to the provider's default_tags, or to the resource's tags",
    }) as const;
  const missing: string[] = [];
  const open: string[] = [];
  const all = look(view, "tags_all");
  // Resources that can have tags have this argument; the provider leaves it empty where there are none.
  if (all.known && all.value === undefined) {
    return [];
  }
  for (const tag of requiredTags) {
    const looked = look(view, "tags_all", tag);
    if (!looked.known) {
      open.push(tag);
    } else if (typeof looked.value !== "string" || looked.value.trim() === "") {
      missing.push(tag);
    }
  }
  return [
    ...(missing.length === 0 ? [] : [finding(place, words(missing))]),
    ...(open.length === 0 ? [] : [unknownFinding(place, words(open))]),
  ];
}
