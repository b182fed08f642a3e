// A code that the customer scans.
import host from "xitai:services/scanner@1.0.0";

export const request = () => host.request();
