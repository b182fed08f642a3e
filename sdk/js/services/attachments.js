// Files that the customer picks on the host's sheet. What comes with `sheet-closed` is the handle.
import host from "xitai:services/attachments@1.0.0";
import { lifted } from "../lift.js";

export const request = (purpose, accept = ["picture", "pdf"]) => host.request(purpose, accept);
export const describe = (handle) => lifted(host.describe(handle), { numbers: ["size"] });
export const read = (handle, offset = 0) => host.read(handle, offset);
export const remove = (handle) => host.remove(handle);
