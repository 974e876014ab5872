export { createInventory, type Inventory } from "./create-inventory.ts";
