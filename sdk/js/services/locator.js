// Where the customer is, as they say on the host's sheet.
import host from "xitai:services/locator@1.0.0";

export const request = (purpose) => host.request(purpose);
/** What the text of a closed sheet says: `{ latitude, longitude }`, `{ district }`, or null. */
export function read(text) {
  const [, kind, said] = /^(position|district) (.+)$/.exec(text ?? "") ?? [];
  if (kind === "district") return { district: said };
  const degrees = (said ?? "").split(",").map(Number);
  return kind === "position" && degrees.length === 2 && degrees.every(Number.isFinite) ? { latitude: degrees[0], longitude: degrees[1] } : null;
}
