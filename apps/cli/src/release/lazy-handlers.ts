import type { StepKind } from "@slipway/contracts";
import type { StepHandlers } from "@slipway/release-engine";

/** Handlers of some kinds of steps. */
type Some<K extends StepKind> = Pick<StepHandlers, K>;

/**
 * Handlers that are made when the first of them is needed: what they work with is taken from others for as long as they have it. Where
 * that fails, it is tried again the next time.
 */
export function lazyHandlers<K extends StepKind>(kinds: readonly K[], open: () => Promise<Some<K>>): Some<K> {
  let opened: Promise<Some<K>> | undefined;
  const get = () => {
    opened ??= open().catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
  const handlers = kinds.map((kind): [K, Some<K>[K]] => [
    kind,
    (async (context) => (await get())[kind](context)) as Some<K>[K],
  ]);
  return Object.fromEntries(handlers) as Some<K>;
}
