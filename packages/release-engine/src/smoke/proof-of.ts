import type { FunctionConfig, FunctionProof } from "@slipway/contracts";

/** An only function is what the API leads to; with several, somebody has to say. */
export function proofOf({ proof }: FunctionConfig, functions: readonly FunctionConfig[]): FunctionProof | undefined {
  return proof ?? (functions.length === 1 ? "smoke" : undefined);
}
