import type { Evidence } from "@slipway/contracts";

/** Keeps what checks have seen, so that it need not be looked at again while nothing changes. */
export interface EvidenceStore {
  /**
   * @param inputs SHA-256 of everything that the check depends on
   * @returns undefined where nothing was kept for these inputs, or it cannot be read
   */
  read(check: string, inputs: string): Promise<readonly Evidence[] | undefined>;
  /** Keeps it, or fails: a reader finds all of it or nothing, also when this process is killed, or another one writes the same. */
  write(check: string, inputs: string, evidence: readonly Evidence[]): Promise<void>;
}
