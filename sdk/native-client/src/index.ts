export * from "./client.js";
export * as text from "./text.js";
export * from "./types.js";
