import { createAwsClients, DynamoTableExports, DynamoUndoTable } from "@slipway/aws";
import {
  guarded,
  type HeldLedger,
  type StepHandlers,
  systemClock,
  type UndoDeps,
  undoHandlers,
} from "@slipway/release-engine";
import { lazyHandlers } from "../release/lazy-handlers.ts";
import type { ReleaseAccess } from "../release/release-access.ts";

const KINDS = ["data.export", "data.select", "data.write-back"] as const;

/** What is needed to take bad writes back, under the role `operate`. */
export type UndoPorts = Pick<UndoDeps, "exports" | "table" | "clock" | "systemClock"> & { close(): void };

export function undoPorts({ client, clock }: Pick<ReleaseAccess, "client" | "clock">): UndoPorts {
  const clients = createAwsClients(client("operate"));
  const { dynamodb, s3 } = clients;
  return {
    ...{ clock, systemClock },
    exports: new DynamoTableExports({ dynamodb, s3 }),
    table: (name) => new DynamoUndoTable(dynamodb, name),
    close: () => clients.destroy(),
  };
}

/**
 * What does the steps `data.*` of a release, made when the first of them comes. Whatever changes something looks right before each call
 * whether the lease is still held.
 */
export function undoSteps(
  access: Pick<ReleaseAccess, "client" | "clock">,
  held: Pick<HeldLedger, "assertHeld">,
  about: Pick<UndoDeps, "flags" | "onItem">,
): Pick<StepHandlers, (typeof KINDS)[number]> {
  const assertHeld = () => held.assertHeld();
  return lazyHandlers(KINDS, async () => {
    const ports = undoPorts(access);
    return undoHandlers({
      ...{ ...ports, ...about },
      exports: guarded(ports.exports, assertHeld, ["start"]),
      table: (name) => guarded(ports.table(name), assertHeld, ["swap"]),
    });
  });
}
