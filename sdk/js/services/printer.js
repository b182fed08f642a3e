// Documents that the customer prints. The host draws them.
import host from "xitai:services/printer@1.0.0";
import { pairs } from "../lift.js";

export const request = ({ title, lines = [], note = null, code = null }) => host.request({ title, lines: pairs(lines), note, code });
