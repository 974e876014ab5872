import type { ObservedUsage } from "@slipway/analysis";
import type { UsageQuestion, UsageReader } from "@slipway/release-engine";
import type { ScanContextOptions } from "../inventory/scan-context.ts";
import { isFreeType } from "./is-free-type.ts";

/** Reads from CloudWatch, and from the services themselves, how much of an environment was used. */
export class AwsUsageReader implements UsageReader {
  readonly #options: ScanContextOptions;

  constructor(options: ScanContextOptions) {
    this.#options = options;
  }

  async observe({ environment, resources, window }: UsageQuestion): Promise<ObservedUsage> {
    // Loaded now, because they bring the SDK of every service.
    const [{ ScanContext }, { UsageContext }, { observeAll }] = await Promise.all([
      import("../inventory/scan-context.ts"),
      import("./usage-context.ts"),
      import("./observe-all.ts"),
    ]);
    const aws = new ScanContext(this.#options);
    try {
      const context = new UsageContext(aws, environment, window);
      const usages = await observeAll(context, resources);
      const counted = new Set(usages.map(({ address }) => address));
      const rest = resources.filter(({ address }) => !counted.has(address)).map(({ type }) => type);
      return {
        window,
        resources: usages,
        free: countBy(rest.filter(isFreeType)),
        unpriced: countBy(rest.filter((type) => !isFreeType(type))),
        gaps: [...new Set(context.gaps)],
        notes: context.notes,
      };
    } finally {
      aws.destroy();
    }
  }
}

function countBy(types: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const type of [...types].sort()) {
    counts[type] = (counts[type] ?? 0) + 1;
  }
  return counts;
}
