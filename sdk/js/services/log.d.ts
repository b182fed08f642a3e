/** Lines for the publisher's log. They are kept also when the call fails. */
export function debug(text: string): void;
export function info(text: string): void;
export function warn(text: string): void;
export function error(text: string): void;
