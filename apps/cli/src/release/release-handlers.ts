import type { EnvironmentConfig } from "@slipway/contracts";
import {
  codeHandlers,
  type FunctionBuilder,
  fetchHttpClient,
  guarded,
  type HeldLedger,
  type Ledger,
  proofHandlers,
  type Redactor,
  type StepHandlers,
  systemClock,
  trafficHandlers,
} from "@slipway/release-engine";
import { lazyHandlers } from "./lazy-handlers.ts";
import type { ReleasePlace } from "./open-release.ts";
import type { ReleaseAccess } from "./release-access.ts";
import type { ReleaseClients } from "./release-clients.ts";
import type { ReleaseInfrastructure } from "./release-infrastructure.ts";
import { temporaryChecks, temporaryInfrastructure } from "./temporary-handlers.ts";

/** What handlers are made of. */
export interface ReleaseParts {
  readonly place: ReleasePlace;
  readonly access: ReleaseAccess;
  readonly clients: ReleaseClients;
  readonly infrastructure: ReleaseInfrastructure;
  readonly builder: FunctionBuilder;
  readonly redactor: Redactor;
  readonly ledger: Ledger;
  /** Where an output's URL answers from here. */
  readonly urlAt: (url: string) => string;
}

/**
 * What does the steps of a release. Whatever changes something looks right before each call whether the lease is still held: a process
 * that was asleep past it changes nothing any more.
 */
export function releaseHandlers(parts: ReleaseParts, held: HeldLedger): StepHandlers {
  const { place, access, clients, builder } = parts;
  const environment = place.config.environments[place.environment] as EnvironmentConfig;
  const assertHeld = () => held.assertHeld();
  const { functions: reader, metrics, logs } = clients;
  const deployer = guarded(clients.functions, assertHeld, ["updateCode", "publishVersion", "moveAlias"]);
  const store = guarded(clients.store, assertHeld, ["putOnce"]);
  const invoker = guarded(clients.invoker, assertHeld, ["invoke"]);
  // What the smoke test asks makes records, and deletes them again.
  const http = guarded(fetchHttpClient, assertHeld, ["send"]);
  const { flags } = place.target;
  return {
    ...temporaryChecks(),
    ...infrastructureOf(parts),
    ...codeHandlers({
      ...{ environment, repository: place.repository },
      ...{ builder, reader, store, deployer, systemClock },
    }),
    ...proofHandlers({ invoker, http, clock: systemClock, environment, apiUrlAt: parts.urlAt, flags }),
    ...trafficHandlers({
      ...{ environment, flags },
      ...{ reader, deployer, invoker, metrics, logs, clock: access.clock, systemClock },
    }),
  };
}

const INFRASTRUCTURE = [
  "infrastructure.plan",
  "infrastructure.approve",
  "infrastructure.apply",
  "infrastructure.validate",
] as const;

/** Terraform's folder is taken by the first step that needs it, and given back after the last: what comes then holds up nobody. */
function infrastructureOf({ infrastructure }: ReleaseParts): Pick<StepHandlers, (typeof INFRASTRUCTURE)[number]> {
  const handlers = lazyHandlers(INFRASTRUCTURE, async () => temporaryInfrastructure(await infrastructure.open()));
  return {
    ...handlers,
    async "infrastructure.validate"(context) {
      const end = await handlers["infrastructure.validate"](context);
      if (end.outcome === "done" || end.outcome === "nothing-to-do") {
        infrastructure.release();
      }
      return end;
    },
  };
}
