import { passingCommand } from "./passing-command.ts";

export const tests = passingCommand("tests", "All tests pass locally");
