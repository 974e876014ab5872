import { expect } from "vitest";
import type { WalkedPage } from "./walked-command.ts";

/** How to read the guide. */
export const introduction: WalkedPage = {
  file: "README.md",
  commands: [
    {
      begins: "slipway deploy prod",
      // What is checked out runs already.
      proves: async (said, walk) => {
        expect(said).toMatch(/nothing/i);
        walk.facts.set("first", await walk.runs());
        walk.facts.set("first version", await walk.live());
      },
    },
    {
      begins: "api_id=$(aws apigateway get-rest-apis",
      proves: (said, walk) => {
        expect(said).toMatch(/^[a-z0-9]{10}$/);
        walk.facts.set("api", said);
      },
    },
  ],
};
