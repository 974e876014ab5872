import type { Clock } from "../ports/clock.ts";
import type { AliasState, FunctionDeployer, FunctionReader } from "../ports/functions.ts";
import { ReleaseError } from "../release-error.ts";
import { PASSING_FAILURES } from "./passing-failures.ts";

export interface AliasPorts {
  readonly reader: FunctionReader;
  readonly deployer: FunctionDeployer;
  readonly clock: Clock;
}

/** How an alias is to be. */
export interface WantedAlias {
  readonly functionName: string;
  readonly alias: string;
  readonly version: string;
  /** Share of the traffic (0 to 1) for another version; none, unless given. */
  readonly weights?: Readonly<Record<string, number>>;
  /** Versions that it may be at, or give a share to, before: any other was chosen by somebody else. */
  readonly mine: readonly string[];
}

const ATTEMPTS = 5;
const FIRST_PAUSE_MS = 500;

/**
 * Brings an alias to where it has to be, in one call: looks, acts only if needed, looks again. A call whose answer is lost is found to
 * have been done; one that AWS could not do is tried again a few times, on what the alias is then.
 *
 * @returns how it was before, and whether it was changed
 * @throws {ReleaseError} `conflict` when it is at a version that is none of `mine`
 */
export async function setAlias(
  { reader, deployer, clock }: AliasPorts,
  wanted: WantedAlias,
): Promise<{ before: AliasState; changed: boolean }> {
  const { functionName, alias, version, weights = {} } = wanted;
  let before: AliasState | undefined;
  let called = false;
  for (let attempt = 1, pauseMs = FIRST_PAUSE_MS; ; attempt += 1, pauseMs *= 2) {
    let seen = await unlessPassing(reader.readAlias(functionName, alias));
    if (!(seen instanceof ReleaseError)) {
      before ??= seen;
      if (isAt(seen, wanted)) {
        return { before, changed: called };
      }
      assertMine(seen, wanted);
      called = true;
      const { revisionId } = seen;
      seen = await unlessPassing(deployer.moveAlias({ functionName, alias, version, weights, revisionId }));
      if (!(seen instanceof ReleaseError) && isAt(seen, wanted)) {
        return { before, changed: true };
      }
    }
    if (attempt === ATTEMPTS) {
      throw seen instanceof ReleaseError ? seen : notThere(seen, wanted);
    }
    await clock.sleep(pauseMs);
  }
}

/** The failure itself, where it may be otherwise a moment later. */
async function unlessPassing<T>(call: Promise<T>): Promise<T | ReleaseError> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof ReleaseError && PASSING_FAILURES.has(error.kind)) {
      return error;
    }
    throw error;
  }
}

/** `at version 12, with 10 % for version 13`. */
export function inWords({ version, weights }: Pick<AliasState, "version" | "weights">): string {
  const shares = Object.entries(weights).map(([other, share]) => `, with ${percent(share)} for version ${other}`);
  return `at version ${version}${shares.join("")}`;
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(6))} %`;
}

function isAt(now: AliasState, { version, weights = {} }: WantedAlias): boolean {
  const sharesOf = (each: Readonly<Record<string, number>>) =>
    Object.entries(each)
      .filter(([, share]) => share > 0)
      .map(([other, share]) => `${other}:${Math.round(share * 1e6)}`)
      .sort()
      .join();
  return now.version === version && sharesOf(now.weights) === sharesOf(weights);
}

function assertMine(now: AliasState, { functionName, alias, version, weights = {}, mine }: WantedAlias): void {
  if ([now.version, ...Object.keys(now.weights)].every((each) => mine.includes(each))) {
    return;
  }
  const routing = JSON.stringify({ AdditionalVersionWeights: weights });
  throw new ReleaseError({
    kind: "conflict",
    what: `The alias ${alias} of ${functionName} was moved by somebody else during the release`,
    why: `it is ${inWords(now)}; this release knows version ${mine.join(" and ")}, and would put it ${inWords({ version, weights })}`,
    next: `find out who moved it, and why; to put it there by hand: aws lambda update-alias --function-name ${functionName} --name ${alias} --function-version ${version} --routing-config '${routing}'`,
  });
}

function notThere(now: AliasState, { functionName, alias, version, weights = {} }: WantedAlias): ReleaseError {
  return new ReleaseError({
    kind: "failed",
    what: `The alias ${alias} of ${functionName} was moved, and is not where it should be`,
    why: `it is ${inWords(now)}, and should be ${inWords({ version, weights })}`,
    next: "type the same command again",
  });
}
