// Lines for the publisher's log.
import host from "xitai:services/log@1.0.0";

export const debug = (text) => host.write("debug", text);
export const info = (text) => host.write("info", text);
export const warn = (text) => host.write("warn", text);
export const error = (text) => host.write("error", text);
