// Passkeys: signing in, adding, removing, and proving presence before a form that needs it goes out. The server says
// what is to be signed; this only carries questions to the authenticator and answers back.
"use strict";
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const words = $("#passkey-words")?.dataset ?? {};
  const toasts = $("#toasts");
  function say(text) {
    if (!text) return;
    const box = Object.assign(document.createElement("p"), { className: "toast", textContent: text });
    toasts.replaceChildren(box);
    setTimeout(() => box.remove(), 6000);
  }

  const toBytes = text => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), c => c.charCodeAt(0));
  const toText = bytes => btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const named = list => (list ?? []).map(it => ({ ...it, id: toBytes(it.id) }));

  class Refused extends Error {
    constructor(status, said) { super(said.detail || said.title || words.failed); this.status = status; this.said = said; }
  }
  async function api(method, path, body, proof) {
    const headers = { "content-type": "application/json" };
    if (proof) headers["x-step-up"] = proof;
    const answer = await fetch("/api/v1" + path, { method, headers, body: JSON.stringify(body ?? {}), credentials: "same-origin" });
    const said = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Refused(answer.status, said);
    return said;
  }

  // What an authenticator made, as the server reads it.
  async function created({ publicKey }) {
    const made = await navigator.credentials.create({ publicKey: {
      ...publicKey,
      challenge: toBytes(publicKey.challenge),
      user: { ...publicKey.user, id: toBytes(publicKey.user.id) },
      excludeCredentials: named(publicKey.excludeCredentials),
    } });
    const { attestationObject, clientDataJSON } = made.response;
    return { id: made.id, rawId: toText(made.rawId), type: made.type, extensions: {},
      response: { attestationObject: toText(attestationObject), clientDataJSON: toText(clientDataJSON) } };
  }
  async function signed({ publicKey }) {
    const { allowCredentials, challenge, ...rest } = publicKey;
    const asked = { ...rest, challenge: toBytes(challenge) };
    if (allowCredentials?.length) asked.allowCredentials = named(allowCredentials);
    const made = await navigator.credentials.get({ publicKey: asked });
    const { authenticatorData, clientDataJSON, signature, userHandle } = made.response;
    return { id: made.id, rawId: toText(made.rawId), type: made.type, extensions: {},
      response: { authenticatorData: toText(authenticatorData), clientDataJSON: toText(clientDataJSON),
        signature: toText(signature), userHandle: userHandle ? toText(userHandle) : null } };
  }

  // A proof of presence for a digest, or for something that is about to be done. Gives the proof's name.
  async function stepUp(what) {
    const asked = await api("POST", "/step-ups", what);
    const given = await api("POST", "/step-ups/" + asked.step_up, { credential: await signed(asked.options) });
    return given.proof;
  }

  // Asks for a one-time code in a dialog. Gives what was typed, or nothing.
  async function typedCode() {
    const sent = await api("POST", "/me/codes");
    const dialog = $("#code-dialog");
    const field = $("input", dialog);
    field.value = "";
    dialog.showModal();
    return new Promise(done => {
      dialog.addEventListener("close", () => {
        done(dialog.returnValue === "ok" && field.value ? { challenge: sent.challenge, code: field.value } : null);
      }, { once: true });
    });
  }

  // Does something that asks for a second factor: first without, then with what the refusal names.
  async function withFactor(send) {
    try {
      return await send({}, null);
    } catch (refused) {
      if (refused.said?.code !== "auth.factor") throw refused;
      const { step_up, codes } = refused.said;
      if (step_up.has_passkey) return send({}, await stepUp({ action: step_up.action, subject: step_up.subject }));
      if (!codes) throw refused;
      const code = await typedCode();
      return code ? send(code, null) : null;
    }
  }

  // Whoever closes the authenticator's own sheet has said no; that is no fault.
  const cancelled = fault => fault.name === "NotAllowedError" || fault.name === "AbortError";
  async function busy(control, work) {
    if (!window.PublicKeyCredential) return say(words.unable);
    control?.setAttribute("aria-busy", "true");
    if (control) control.disabled = true;
    try {
      await work();
    } catch (fault) {
      say(cancelled(fault) ? words.cancelled : fault.name === "InvalidStateError" ? words.known : fault.message || words.failed);
    } finally {
      control?.removeAttribute("aria-busy");
      if (control) control.disabled = false;
    }
  }

  // For the script of the sheets: the proof's name for a digest, or nothing where it came to nothing.
  async function signedSheet(digest) {
    if (!window.PublicKeyCredential) return say(words.unable);
    try {
      return await stepUp({ digest });
    } catch (fault) {
      say(cancelled(fault) ? words.cancelled : fault.message || words.failed);
    }
  }
  window.xitai = { ...window.xitai, signed: signedSheet };

  // Passkeys are bound to one origin: elsewhere there is a link to it instead of buttons.
  const home = words.origin;
  const away = home && home !== location.origin;
  for (const it of document.querySelectorAll("[data-passkey-here]")) it.hidden = away || !window.PublicKeyCredential;
  for (const it of document.querySelectorAll("[data-passkey-away]")) it.hidden = !away;

  document.addEventListener("click", event => {
    const control = event.target.closest("[data-passkey]");
    if (!control) return;
    const { passkey, id } = control.dataset;
    if (passkey === "sign-in") busy(control, async () => {
      const asked = await api("POST", "/passkeys/challenges");
      const credential = await signed(asked.options);
      const form = $("#passkey-form");
      form.elements.challenge.value = asked.challenge;
      form.elements.credential.value = JSON.stringify(credential);
      form.submit();
    });
    if (passkey === "add") busy(control, async () => {
      const asked = await withFactor((body, proof) => api("POST", "/me/passkeys/challenges", body, proof));
      if (!asked) return;
      const credential = await created(asked.options);
      await api("POST", "/me/passkeys", { challenge: asked.challenge, name: $("#passkey-name")?.value || words.device, credential });
      location.reload();
    });
    if (passkey === "remove") busy(control, async () => {
      const done = await withFactor((body, proof) => api("DELETE", "/me/passkeys/" + id, body, proof));
      if (done) location.reload();
    });
  });

  // A form whose button names what it does goes out only with a proof of exactly that.
  document.addEventListener("submit", event => {
    const form = event.target, button = event.submitter;
    const action = button?.dataset.stepUpAction ?? form.dataset.stepUpAction;
    const subject = button?.dataset.stepUpSubject ?? form.dataset.stepUpSubject;
    // Or what a sheet shows, which is signed by its digest.
    const digest = button?.dataset.stepUpDigest;
    if (!(action || digest) || "proved" in form.dataset) return;
    event.preventDefault();
    busy(button, async () => {
      const proof = await stepUp(digest ? { digest } : { action, subject });
      const to = new URL(form.action);
      to.searchParams.set("step_up", proof);
      form.action = to;
      form.dataset.proved = "";
      // The button's own value goes along, so it must not be disabled.
      if (button) button.disabled = false;
      form.requestSubmit(button);
      delete form.dataset.proved;
    });
  });
})();
