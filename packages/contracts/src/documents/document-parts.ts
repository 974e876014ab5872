import * as z from "zod";

/** What begins a document. It grows only where a reader of the old one would go wrong: additions keep it. */
export const documentVersion = z.literal(1).describe("version of this document's schema");

export const isoTime = z.iso.datetime();

/** What begins a document about an environment. */
export const documentPlace = {
  version: documentVersion,
  environment: z.string().describe("as in slipway.config.ts"),
  target: z
    .string()
    .describe("AWS, or local AWS at its address: what was rehearsed on local AWS is never called AWS's"),
};

export const count = z.int().nonnegative();
