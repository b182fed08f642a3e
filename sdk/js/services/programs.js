// Other programs of the branch.
import host from "xitai:services/programs@1.0.0";
import { pairs } from "../lift.js";

export const openHere = () => host.openHere();
export const start = (program, page, query = []) => host.start(program, page, pairs(query));
