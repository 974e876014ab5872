import { tookText, unmeasured, type ValidationCheck } from "../validation-check.ts";

/** Each function is active, and one of them answers through the gateway. */
export const functionResponds: ValidationCheck = {
  window: "immediate",
  name: "function-responds",
  title: "Lambda function is responding to requests",
  judge({ measurements, flags }) {
    const functions = unmeasured(measurements.functions);
    const probes = unmeasured(measurements.probes);
    if ("findings" in functions) {
      return functions.findings;
    }
    if ("findings" in probes) {
      return probes.findings;
    }
    const [probe] = probes.value;
    if (probe === undefined) {
      const next = "add smoke.ready to the environment in slipway.config.ts: a path that a function answers";
      const found = "the smoke scenario has no GET that could be sent by itself";
      return [{ status: "unknown", found, next, forPeople: true }];
    }
    const inactive = functions.value.find(({ state, lastUpdate }) => state !== "Active" || lastUpdate !== "Successful");
    const states = functions.value.map(
      ({ name, version, state, lastUpdate, reason }) =>
        `${name} version ${version} is ${state}${lastUpdate === "Successful" ? "" : `, its last update ${lastUpdate}`}${reason === undefined ? "" : ` (${reason})`}`,
    );
    const answers = probe.status !== null && probe.expected.includes(probe.status);
    const answer =
      probe.status === null
        ? `${probe.method} ${probe.path} got no answer (${probe.why})`
        : `${probe.method} ${probe.path} answers ${probe.status} after ${tookText(probe.durationMs)}`;
    const found = [answer, ...states].join("; ");
    if (inactive !== undefined) {
      const qualifier = /^\d+$/.test(inactive.version) ? ` --qualifier ${inactive.version}` : "";
      const next = `aws lambda get-function --function-name ${inactive.name}${qualifier}`;
      return [{ status: "fail", found, next }];
    }
    return answers
      ? [{ status: "pass", found }]
      : [{ status: "fail", found, next: `slipway logs ${measurements.environment} --since 5m${flags}` }];
  },
};
