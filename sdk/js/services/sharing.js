// Pages of the program that the customer hands on, as a link and a QR code of the host's.
import host from "xitai:services/sharing@1.0.0";
import { pairs } from "../lift.js";

export const request = (page, query, text) => host.request(page, pairs(query), text);
