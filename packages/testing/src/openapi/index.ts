export { arbitraryOf } from "./arbitrary-of.ts";
export { contractRequests, type RequestRecipe } from "./contract-requests.ts";
export { createAnswerCheck } from "./create-answer-check.ts";
export { malformedRequests } from "./malformed-requests.ts";
export { Memory } from "./memory.ts";
export type { OpenApiDocument } from "./openapi-document.ts";
export type { WireAnswer, WireRequest } from "./wire.ts";
