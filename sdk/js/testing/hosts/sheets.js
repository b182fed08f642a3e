// What the host's own sheets ask for: codes, places, files, prints, shares, other programs. A test answers by
// `page.confirmSheet({ … })`.
import { ask, asking, numbered, refuse } from "../call.js";

const PIECE = 128 << 10;

export const scanner = { request: () => ask("scan", numbered("scan")) };
export const locator = { request: () => ask("locate", numbered("locate")) };
export const printer = { request: () => ask("print", numbered("print")) };
export const sharing = { request: () => ask("share", numbered("share")) };
/** No other program is there; each can be started. */
export const programs = { openHere: () => [], start: () => ask("start", numbered("start")) };

function own(handle) {
  const { kept, subject } = asking();
  const found = kept.files[handle];
  return found?.subject === subject ? found : refuse("not-found", "attachment.not-found", handle);
}
export const attachments = {
  request: () => ask("attach", numbered("attach"), { handle: numbered("file") }),
  describe: (handle) => ({ name: own(handle).name, mediaType: own(handle).mediaType, size: own(handle).bytes.length }),
  read: (handle, offset) => Uint8Array.from(own(handle).bytes.slice(offset, offset + PIECE)),
  remove(handle) {
    own(handle);
    delete asking().kept.files[handle];
  },
};

export const AGREED = {
  scan: ({ answers }) => answers.answer ?? null,
  /** `position` is such as `31.298,120.583`; or a `district`. */
  locate({ answers }) {
    const name = ["position", "district"].find((it) => answers[it]);
    return name ? `${name} ${answers[name]}` : null;
  },
  print: () => null,
  share: () => null,
  start: () => null,
  /** `name` is the file's, `text` what is in it. */
  attach({ kept, ask: { handle, subject }, answers }) {
    const name = answers.name ?? "";
    const mediaType = name.endsWith(".pdf") ? "application/pdf" : "image/jpeg";
    kept.files[handle] = { subject, name, mediaType, bytes: new TextEncoder().encode(answers.text ?? "") };
    return handle;
  },
};
