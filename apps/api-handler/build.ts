import { buildBundle } from "./build-bundle.ts";

const size = await buildBundle(import.meta.dirname);
console.log(`dist/index.cjs  ${Math.round(size / 1024)} KB`);
