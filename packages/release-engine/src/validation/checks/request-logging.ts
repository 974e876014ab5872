import { type CheckFinding, tookText, unmeasured, type ValidationCheck } from "../validation-check.ts";

/** The request that the validation itself has sent is in the access log and in a function's log. */
export const requestLogging: ValidationCheck = {
  window: "immediate",
  name: "request-logging",
  title: "Request/response logging is working",
  judge({ measurements, config, flags }): readonly CheckFinding[] {
    const logged = unmeasured(measurements.logged);
    if ("findings" in logged) {
      return logged.findings;
    }
    const { requestId, request, groups, withoutAccessLog } = logged.value;
    const problems = [
      ...withoutAccessLog.map((stage) => `${stage} has no access log`),
      ...(["access", "function"] as const).flatMap((kind) => {
        const own = groups.filter((each) => each.kind === kind);
        return own.length > 0 && own.every(({ afterMs }) => afterMs === null)
          ? [`not in ${own.map(({ group }) => group).join(", ")}`]
          : [];
      }),
    ];
    const places = groups.flatMap(({ group, afterMs }) =>
      afterMs === null ? [] : [`in ${group} after ${tookText(afterMs)}`],
    );
    const found = `${request} (request ${requestId}): ${[...problems, ...places].join(", ") || "there is no log that it could be in"}`;
    if (problems.length === 0 && places.length > 0) {
      return [{ status: "pass", found }];
    }
    const waited = problems.length > withoutAccessLog.length ? ` within ${config.logs.withinSeconds} s` : "";
    return [
      {
        status: places.length === 0 && problems.length === 0 ? "unknown" : "fail",
        found: found + waited,
        next:
          withoutAccessLog.length > 0
            ? "give the stage an access log (access_log_settings)"
            : `slipway logs ${measurements.environment} --since 10m --filter '"${requestId}"'${flags}`,
      },
    ];
  },
};
