import { unmeasured, type ValidationCheck } from "../validation-check.ts";

/** Every request that changes nothing is answered as its step of the smoke scenario says. */
export const endpointsAccessible: ValidationCheck = {
  window: "immediate",
  name: "endpoints-accessible",
  title: "API Gateway endpoints are accessible",
  judge({ measurements, flags }) {
    const probes = unmeasured(measurements.probes);
    if ("findings" in probes) {
      return probes.findings;
    }
    const { value } = probes;
    if (value.length === 0) {
      const next = "add a step to smoke in slipway.config.ts: a GET that needs nothing of an earlier step";
      const found = "the smoke scenario has no request that could be sent by itself";
      return [{ status: "unknown", found, next, forPeople: true }];
    }
    const text = ({ method, path, status, why }: (typeof value)[number]) =>
      `${method} ${path} ${status ?? `no answer (${why})`}`;
    const bad = value.filter(({ status, expected }) => status === null || !expected.includes(status));
    if (bad.length === 0) {
      return [
        { status: "pass", found: `all ${value.length} are answered as they must be: ${value.map(text).join(", ")}` },
      ];
    }
    return [
      {
        status: "fail",
        found: `${bad.length} of ${value.length} are not answered as they must be: ${bad.map((each) => `${text(each)}, not ${each.expected.join(" or ")}`).join("; ")}`,
        next: `slipway logs ${measurements.environment} --since 5m${flags}`,
      },
    ];
  },
};
