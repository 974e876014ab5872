import type { Actor, EnvironmentConfig } from "@slipway/contracts";
import type { Clock, IncidentWrite, Ledger, TellRequest, Told } from "@slipway/release-engine";
import type { CommandIo } from "../command.ts";
import type { CommandLedger } from "../ledger/command-ledger.ts";
import type { TargetAws, TargetOptions } from "../target/target-aws.ts";

/** Who AWS says somebody is, is known by then, or left out. */
const PRINCIPAL_MS = 2_000;

/** The incidents of an environment, for a command. */
export interface OpenIncidents {
  readonly environment: string;
  readonly config: EnvironmentConfig;
  readonly ledger: Ledger;
  readonly target: Pick<TargetAws, "label" | "flags">;
  /** The target's time. */
  readonly clock: Pick<Clock, "now">;
  readonly io: Pick<CommandIo, "stdout" | "stderr" | "env" | "columns" | "signal">;
  readonly opened: CommandLedger;
  /** Who types. */
  by(): Promise<Actor>;
  /** Tells people of what was written, of clocks that have run out meanwhile, and of what others have left untold. */
  tell(written: readonly Pick<IncidentWrite, "entry">[]): Promise<Told>;
}

/**
 * Does something with the incidents of the environment that a command was given.
 *
 * @throws UserError when the environment is not in the configuration, or nobody knows where its ledger lies
 * @throws ReleaseError when a role cannot be assumed
 */
export async function withIncidents<T>(
  options: TargetOptions,
  io: CommandIo,
  environment: string,
  work: (open: OpenIncidents) => Promise<T>,
): Promise<T> {
  const { commandLedger } = await import("../ledger/command-ledger.ts");
  const opened = await commandLedger(options, io, environment);
  const { ledger, target, clock, principal } = opened;
  const config = opened.config.environments[environment];
  if (config === undefined) {
    throw new Error(`${environment} was in the configuration a moment ago`);
  }
  let actor: Promise<Actor> | undefined;
  const by = () => {
    actor ??= import("../release/this-actor.ts").then(({ thisActor }) =>
      // What AWS says who it is goes with the name, where AWS says it: nobody is kept from an incident by that.
      thisActor({ repository: io.cwd, env: io.env, principal: () => inTime(principal()) }),
    );
    return actor;
  };
  const place = { environment, config, ledger, target, clock, io, opened, by };
  try {
    return await work({ ...place, tell: async (written) => tell(place, { by: await by(), written }) });
  } finally {
    opened.close();
  }
}

/** @returns the ARN; empty where it does not come soon */
function inTime(principal: Promise<string>): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const timer = setTimeout(() => resolve(""), PRINCIPAL_MS);
  principal.then(resolve, () => resolve("")).finally(() => clearTimeout(timer));
  return promise;
}

async function tell(
  open: Omit<OpenIncidents, "tell">,
  { by, written }: Pick<TellRequest, "by"> & { readonly written: readonly Pick<IncidentWrite, "entry">[] },
): Promise<Told> {
  const { environment, config, ledger, clock, target, io, opened } = open;
  const [{ openPeople }, { escalateOverdue, tellIncidents }] = await Promise.all([
    import("./open-people.ts"),
    import("@slipway/release-engine"),
  ]);
  const people = openPeople({ config, environment, ledger, opened }, io);
  try {
    const place = { by, flags: target.flags, config: config.incidents, signal: io.signal };
    // Where nobody watches, whoever comes by looks at the clocks of all incidents.
    const escalated = await escalateOverdue(ledger, { ...place, now: clock.now() });
    const ports = { ledger, announcer: people.announcer, clock };
    return await tellIncidents(ports, { ...place, written: [...written, ...escalated] });
  } finally {
    people.close();
  }
}
