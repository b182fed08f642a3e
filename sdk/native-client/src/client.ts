// Speaks with a host. One client is one sign-in; one session object is one device in one session.

import type { Event, Pair, Problem, View } from "./types.js";

export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(`${problem.code}: ${problem.title}`);
  }
}

export interface Options {
  /** The bank's origin. */
  bank: string;
  token: string;
  /** BCP 47. */
  locale?: string;
  fetch?: typeof fetch;
}
export interface Open { program: string; page?: string; query?: Pair[]; branch?: string; channel?: "phone" | "web" }
export interface HandOver { id: string; code: string; until_ms: number; address: string }

const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
/** Times that something is sent that did not arrive, or came too early. */
const TRIES = 5;

export class Client {
  private readonly fetch: typeof fetch;
  constructor(readonly options: Options) {
    this.fetch = options.fetch ?? fetch;
  }

  /** Somebody without an account: as much as a first visit needs. */
  static async visitor(bank: string, options: { branch?: string; locale?: string; fetch?: typeof fetch } = {}): Promise<Client> {
    const nobody = new Client({ bank, token: "", ...options });
    const { token } = await nobody.call<{ token: string }>("POST", "/api/v1/tokens", { branch: options.branch, locale: options.locale });
    return new Client({ bank, token, ...options });
  }

  /** One request; the JSON of a success, or `Refused`. */
  async call<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
    const answer = await this.send(method, path, body, signal);
    const said = answer.status === 204 ? null : await answer.json();
    if (!answer.ok) throw new Refused(said as Problem);
    return said as T;
  }
  async send(method: string, path: string, body?: unknown, signal?: AbortSignal, accept = "application/json"): Promise<Response> {
    const headers: Record<string, string> = { accept };
    if (this.options.token) headers["authorization"] = "Bearer " + this.options.token;
    if (this.options.locale) headers["accept-language"] = this.options.locale;
    const request: RequestInit = { method, headers };
    if (signal) request.signal = signal;
    if (body !== undefined) {
      headers["content-type"] = "application/json";
      request.body = JSON.stringify(body);
    }
    return this.fetch(this.options.bank + path, request);
  }

  async open(open: Open): Promise<Session> {
    const view = await this.call<View>("POST", "/api/v1/sessions", { channel: "phone", locale: this.options.locale, ...open });
    return new Session(this, view);
  }
  /** A session that there is, on this device. */
  async resume(session: string): Promise<Session> {
    return new Session(this, await this.call<View>("GET", "/api/v1/sessions/" + session));
  }
}

export class Session {
  private readonly device = "native-" + crypto.randomUUID();
  private next = 1;
  private shown: number;
  constructor(private readonly client: Client, public view: View) {
    this.shown = view.position;
  }
  get path(): string {
    return "/api/v1/sessions/" + this.view.session;
  }

  /** A tap on a button, an item or a card; `value` is the button's own, or what a field outside a form says. */
  tap(id: string, value: string | null = null): Promise<View> {
    return this.send({ type: "tapped", id, value });
  }
  submit(form: string, button: string, values: Pair[]): Promise<View> {
    return this.send({ type: "submitted", form, button, values });
  }

  /** Sends an event until there is an answer: under the same number each time, so that the host counts it once. */
  async send(event: Event): Promise<View> {
    const body = { device: this.device, client_seq: this.next, seen: this.view.position, event };
    const view = await this.until(() => this.client.call<View>("POST", this.path + "/events", body));
    this.next += 1;
    return this.take(view);
  }

  /** Confirms exactly the sheet that was drawn, or declines it. Before `confirm_after_ms` a confirmation waits by itself. */
  async decide(decision: "confirm" | "decline", answers: Pair[] = []): Promise<View> {
    const sheet = this.view.sheet;
    if (!sheet) throw new Error("no sheet is open");
    const early = decision === "confirm" ? sheet.confirm_after_ms - sheet.shown_ms : 0;
    if (early > 0) await wait(early);
    const body = { device: this.device, decision, digest: sheet.digest, answers };
    return this.take(await this.until(() => this.client.call<View>("POST", `${this.path}/sheets/${sheet.ticket}`, body)));
  }

  /** The session as it stands, with the effects that came since. */
  async reload(): Promise<View> {
    return this.take(await this.client.call<View>("GET", `${this.path}?after=${this.shown}`));
  }
  /** The same screen as A2UI messages. */
  async a2ui(): Promise<unknown[]> {
    const answer = await this.client.send("GET", this.path, undefined, undefined, "application/a2ui+json");
    if (!answer.ok) throw new Refused((await answer.json()) as Problem);
    return (await answer.json()) as unknown[];
  }
  /** A code that continues the session in the bank's own app, at a kiosk or in a chat. */
  handOver(): Promise<HandOver> {
    return this.client.call<HandOver>("POST", this.path + "/handover", {});
  }

  /** Each new position, as the host tells of it; the view is the newest whenever one comes. */
  async *moves(signal: AbortSignal): AsyncGenerator<View> {
    while (!signal.aborted) {
      try {
        const answer = await this.client.send("GET", this.path + "/stream", undefined, signal, "text/event-stream");
        if (!answer.ok || !answer.body) throw new Refused((await answer.json()) as Problem);
        let rest = "";
        for await (const text of answer.body.pipeThrough(new TextDecoderStream())) {
          const lines = (rest + text).split("\n");
          rest = lines.pop() ?? "";
          for (const line of lines.filter((it) => it.startsWith("data: {"))) {
            const { position } = JSON.parse(line.slice("data: ".length)) as { position: number };
            if (position > this.view.position) yield await this.reload();
          }
        }
      } catch (error) {
        if (error instanceof Refused) throw error;
        if (!signal.aborted) await wait(1000);
      }
    }
  }

  private take(view: View): View {
    if (view.position >= this.view.position) this.view = view;
    this.shown = Math.max(this.shown, view.position);
    return this.view;
  }
  private async until<T>(send: () => Promise<T>): Promise<T> {
    for (let turn = 1; ; turn += 1) {
      try {
        return await send();
      } catch (error) {
        const problem = error instanceof Refused ? error.problem : null;
        const later = problem === null || problem.status === 503 || problem.status === 429 || problem.code === "sheet.too-soon";
        // What was acted on has changed: the caller draws anew before anybody taps again.
        if (problem?.code === "session.stale") await this.reload();
        if (!later || turn === TRIES) throw error;
        await wait(Math.max(problem?.retry_after_ms ?? 0, 200 * 2 ** turn));
      }
    }
  }
}
