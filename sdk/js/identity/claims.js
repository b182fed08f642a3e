// Facts about the customer, each asked for with a purpose and given only by consent.
import host from "xitai:identity/claims@1.0.0";
import { lifted } from "../lift.js";

export const request = ({ claims = [], optional = [], purpose, keepDays }) => host.request({ claims, optional, purpose, keepDays });
export const granted = () => host.granted().map((consent) => lifted(consent, { numbers: ["expires"] }));
export const read = (consent) => Object.fromEntries(host.read(consent));
