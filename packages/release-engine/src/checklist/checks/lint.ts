import { passingCommand } from "./passing-command.ts";

export const lint = passingCommand("lint", "Linting passes");
