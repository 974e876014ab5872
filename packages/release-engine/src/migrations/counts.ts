import type { MigrationCounts, SegmentProgress } from "@slipway/contracts";

/** Nothing counted yet. */
export const noCounts: MigrationCounts = {
  scanned: 0,
  changed: 0,
  conflicts: 0,
  found: 0,
  problems: 0,
  readUnits: 0,
  writeUnits: 0,
};

export function addCounts(left: MigrationCounts, right: MigrationCounts): MigrationCounts {
  return {
    scanned: left.scanned + right.scanned,
    changed: left.changed + right.changed,
    conflicts: left.conflicts + right.conflicts,
    found: left.found + right.found,
    problems: left.problems + right.problems,
    readUnits: left.readUnits + right.readUnits,
    writeUnits: left.writeUnits + right.writeUnits,
  };
}

/** What the segments of a pass come to. */
export function countsOf(segments: readonly SegmentProgress[]): MigrationCounts {
  return segments.reduce<MigrationCounts>((sum, segment) => addCounts(sum, segment), noCounts);
}
