// Who the customer is, as little as the program needs.
import host from "xitai:identity/customer@1.0.0";
import { lifted } from "../lift.js";

export const whoami = () => lifted(host.whoami(), { numbers: ["provedAt"] });
