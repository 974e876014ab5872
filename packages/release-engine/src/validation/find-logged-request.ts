import type { ValidationMeasurements, ValidationProbe } from "@slipway/contracts";
import type { MonitoredResources } from "../monitoring/monitored-resources.ts";
import type { Clock } from "../ports/clock.ts";
import type { LogsReader } from "../ports/logs.ts";
import { ReleaseError } from "../release-error.ts";

type LoggedRequest = Extract<ValidationMeasurements["logged"], { value: unknown }>["value"];
type Place = LoggedRequest["groups"][number];

/** Between the first two looks, and twice as long each time: what is not there after seconds comes with the minutes, or never. */
const FIRST_PAUSE_MS = 500;
const MINUTE_MS = 60_000;
const UUID = /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi;

/** What is needed to find a request in the logs. */
export interface LoggedRequestQuestion {
  readonly probes: readonly ValidationProbe[];
  readonly resources: MonitoredResources;
  /** When the first probe was sent, on the target's clock. */
  readonly sentAt: number;
  readonly withinMs: number;
  readonly signal?: AbortSignal;
}

/**
 * Looks for a request that the validation sent in the access log and in the functions' logs, until it is there or the time is over. The
 * gateway names the request in its answer; in the log of a function that does not write that name, it is found by the other identifiers
 * that the access log has for it, such as that of the call of Lambda.
 *
 * @throws {ReleaseError} when no request was answered with an id, or the logs cannot be read
 */
export async function findLoggedRequest(
  { logs, clock }: { readonly logs: LogsReader; readonly clock: Clock },
  { probes, resources, sentAt, withinMs, signal }: LoggedRequestQuestion,
): Promise<LoggedRequest> {
  const probe = probes.find(({ requestId, method }) => requestId !== null && method !== "OPTIONS");
  if (probe?.requestId == null) {
    throw new ReleaseError({
      kind: "failed",
      what: "No request can be looked for in the logs",
      why: "no answer to the validation's own requests has an id (x-amzn-RequestId)",
      next: "let the API answer first, then validate again",
    });
  }
  const { requestId } = probe;
  const places: (Place & { afterMs: number | null })[] = [
    ...resources.stages.flatMap(({ apiName, stage, accessLogGroup }) =>
      accessLogGroup === undefined
        ? []
        : { group: accessLogGroup, writer: `${apiName} ${stage}`, kind: "access" as const, afterMs: null },
    ),
    ...resources.functions.map(({ name, logGroup }) => ({
      ...{ group: logGroup, writer: name, kind: "function" as const, afterMs: null },
    })),
  ];
  const startedAt = clock.now();
  const known = new Set([requestId]);
  // The request went to one stage and one function: found in one log of each kind, it was logged.
  const isFound = (kind: Place["kind"]) =>
    places.every((each) => each.kind !== kind) || places.some((each) => each.kind === kind && each.afterMs !== null);
  const find = async (place: (typeof places)[number]) => {
    const filter = [...known].map((id, _, { length }) => (length === 1 ? `"${id}"` : `?"${id}"`)).join(" ");
    const window = { from: sentAt - MINUTE_MS, to: clock.now() + MINUTE_MS };
    for await (const { message } of logs.events({ groups: [place.group], filter }, window, signal)) {
      place.afterMs = Math.max(0, clock.now() - startedAt);
      if (place.kind === "access") {
        for (const [id] of message.matchAll(UUID)) {
          known.add(id);
        }
      }
      return;
    }
  };
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs *= 2) {
    for (const kind of ["access", "function"] as const) {
      if (!isFound(kind)) {
        await Promise.all(places.filter((each) => each.kind === kind).map(find));
      }
    }
    const leftMs = startedAt + withinMs - clock.now();
    if ((isFound("access") && isFound("function")) || leftMs <= 0 || signal?.aborted) {
      break;
    }
    await clock.sleep(Math.min(pauseMs, leftMs), signal);
  }
  return {
    requestId,
    request: `${probe.method} ${probe.path}`,
    groups: places,
    withoutAccessLog: resources.stages
      .filter(({ accessLogGroup }) => accessLogGroup === undefined)
      .map(({ apiName, stage }) => `${apiName} ${stage}`),
  };
}
