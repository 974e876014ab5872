import type { Validator } from "../items/validate.ts";

export const validateItemContent: Validator;
export const validateItemPatch: Validator;
