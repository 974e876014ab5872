import { type CheckFinding, momentText, type ValidationCheck } from "../validation-check.ts";

/** What users say, as a person answers for it: no metric knows. */
export const userFeedback: ValidationCheck = {
  window: "extended",
  name: "user-feedback",
  title: "User feedback is positive",
  judge({ measurements: { signOff, environment }, flags }): readonly CheckFinding[] {
    if (signOff === null) {
      const next = `slipway validate ${environment} --window extended --sign-off 'YOUR NAME'${flags}`;
      return [{ status: "unknown", found: "nobody has answered for it", next, forPeople: true }];
    }
    const { by, feedback, note, at } = signOff;
    const found = `${by} says ${momentText(at)}: ${feedback}${note === undefined ? "" : `, "${note}"`}`;
    return feedback === "positive"
      ? [{ status: "pass", found }]
      : [{ status: "fail", found, next: `talk with ${by}, and decide whether the release is put back` }];
  },
};
