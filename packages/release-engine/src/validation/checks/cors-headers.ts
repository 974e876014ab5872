import { unmeasured, type ValidationCheck } from "../validation-check.ts";

/** Answers to scripts of other origins have the headers that the configuration expects. */
export const corsHeaders: ValidationCheck = {
  window: "immediate",
  name: "cors-headers",
  title: "CORS headers are present in responses",
  judge({ measurements }) {
    const probes = unmeasured(measurements.probes);
    if ("findings" in probes) {
      return probes.findings;
    }
    const asked = probes.value.filter(({ expectedCors }) => Object.keys(expectedCors).length > 0);
    if (asked.length === 0) {
      return [
        {
          status: "unknown",
          found: "nothing says which headers are expected",
          next: 'add validation: { cors: { path: "/", origin: "https://app.example.com" } } to the environment in slipway.config.ts',
          forPeople: true,
        },
      ];
    }
    return asked.map(({ method, path, expectedCors, cors, status, why }) => {
      const subject = `${method} ${path}`;
      if (status === null) {
        return { subject, status: "fail", found: `no answer (${why})`, next: "let the API answer first" };
      }
      const wrong = Object.entries(expectedCors).filter(([header, value]) => cors[header] !== value);
      return wrong.length === 0
        ? {
            subject,
            status: "pass",
            found: Object.entries(expectedCors)
              .map(([header, value]) => `${header}: ${value}`)
              .join(", "),
          }
        : {
            ...{ subject, status: "fail" },
            found: wrong
              .map(
                ([header, value]) =>
                  `${header} is ${cors[header] === undefined ? "missing" : `"${cors[header]}"`}, not "${value}"`,
              )
              .join("; "),
            next: "compare the API's allowed origins with validation.cors, or the smoke scenario, in slipway.config.ts",
          };
    });
  },
};
