import type { IncidentRecord } from "@slipway/release-engine";
import { describe, expect, it } from "vitest";
import { isToBeClosed, whichIncident } from "./which-incident.ts";
import { wordsAfterIncident } from "./words-after-incident.ts";

const place = { environment: "prod", target: { label: "AWS", flags: " --local" } };
const of = (id: string, state: IncidentRecord["state"]) => ({ id, state, title: `${id} fails` }) as IncidentRecord;
const which = (records: readonly IncidentRecord[], id?: string) => whichIncident(records, id, place).id;

describe("whichIncident", () => {
  const closed = of("i1", "closed");

  it("is the one that was named, whatever state it is in", () => {
    expect(which([closed, of("i2", "open")], "i1")).toBe("i1");
  });

  it("is the only one that is open, where none was named", () => {
    expect(which([closed, of("i2", "acknowledged")])).toBe("i2");
    expect(whichIncident([closed, of("i2", "resolved")], undefined, place, isToBeClosed).id).toBe("i2");
  });

  it.each<[string, readonly IncidentRecord[], string | undefined, string]>([
    [
      "none there",
      [],
      undefined,
      "incident: was not named, and none of prod on AWS is open. None was ever opened there.",
    ],
    [
      "none open",
      [closed],
      undefined,
      "incident: was not named, and none of prod on AWS is open. Name one: slipway incident list prod --local",
    ],
    [
      "two open",
      [of("i2", "open"), of("i3", "acknowledged")],
      undefined,
      "incident: was not named, and 2 of prod on AWS are open: i2 (i2 fails), i3 (i3 fails). Name the one that you mean.",
    ],
    [
      "no id",
      [closed],
      "3",
      "incident: '3' is none. Write it like i3; which there are: slipway incident list prod --local",
    ],
    [
      "another",
      [closed],
      "i9",
      "incident: prod on AWS has no i9. Its last one is i1: slipway incident list prod --local",
    ],
    ["any", [], "i9", "incident: prod on AWS has no i9. None was ever opened there."],
  ])("says what is wrong: %s", (_, records, id, message) => {
    expect(() => which(records, id)).toThrow(message);
  });
});

describe("wordsAfterIncident", () => {
  it("takes the first for the incident where there is one more, or it looks like one", () => {
    expect(wordsAfterIncident(["i3", "it is back"], ["text"])).toEqual({ id: "i3", words: ["it is back"] });
    expect(wordsAfterIncident([" it is back "], ["text"])).toEqual({ id: undefined, words: ["it is back"] });
    expect(wordsAfterIncident(["scribe", "Joe"], ["role", "person"])).toEqual({
      id: undefined,
      words: ["scribe", "Joe"],
    });
    expect(wordsAfterIncident(["x3", "2"], ["severity"])).toEqual({ id: "x3", words: ["2"] });
  });

  it.each([
    [["i3"], ["text"], "text: is missing."],
    [[], ["text"], "text: is missing."],
    [["i3", " "], ["text"], "text: is empty."],
    [["i3", "scribe"], ["role", "person"], "person: is missing."],
    [["scribe"], ["role", "person"], "person: is missing."],
  ])("names the word that is missing of %j", (words, names, message) => {
    expect(() => wordsAfterIncident(words, names)).toThrow(message);
  });
});
