// Being called later, with or without the customer.
import host from "xitai:services/wakeups@1.0.0";

export const after = (ms, key) => host.after(ms, key);
export const cancel = (key) => host.cancel(key);
