export { arbitraryOf } from "./arbitrary-of.ts";
export { contractRequests, type RequestRecipe } from "./contract-requests.ts";
export { type AnswerCheck, createAnswerCheck } from "./create-answer-check.ts";
export { malformedRequests } from "./malformed-requests.ts";
export { Memory } from "./memory.ts";
export { type OpenApiDocument, operationsOf, templateOf } from "./openapi-document.ts";
export { headerOf, type WireAnswer, type WireRequest } from "./wire.ts";
