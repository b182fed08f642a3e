// Values that each branch sets for itself.
import host from "xitai:services/config@1.0.0";

export function text(name) {
  return host.get(name) ?? "";
}
