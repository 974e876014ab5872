// The same on every environment, one after the other's values: in a soak run `infrastructure.test.ts` takes all of them.
import "./infrastructure.test.ts";
