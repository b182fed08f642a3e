// Reads codes with the camera, or out of a picture: by the browser where it can, else by the bank, which keeps no picture.
// What was read fills the field; the customer sees it and sends it on.
"use strict";
(() => {
  const wait = ms => new Promise(done => setTimeout(done, ms));
  const SIDE_MAX = 1000;

  async function textIn(source, width, height) {
    if (!width || !height) return null;
    if ("BarcodeDetector" in window) {
      const found = await new BarcodeDetector().detect(source).catch(() => null);
      if (found) return found[0]?.rawValue ?? null;
    }
    const scale = Math.min(1, SIDE_MAX / Math.max(width, height));
    const canvas = Object.assign(document.createElement("canvas"), { width: width * scale, height: height * scale });
    canvas.getContext("2d").drawImage(source, 0, 0, canvas.width, canvas.height);
    const picture = await new Promise(done => canvas.toBlob(done, "image/jpeg", .85));
    const answer = await fetch("/api/v1/me/scans", { method: "POST", headers: { "content-type": "image/jpeg" }, body: picture, credentials: "same-origin" }).catch(() => null);
    if (!answer?.ok) return null;
    return (await answer.json()).texts[0] ?? null;
  }
  // Fills the field once a code is in the picture. Whoever types meanwhile, or leaves, ends it.
  async function readCode(field) {
    const video = Object.assign(document.createElement("video"), { className: "sheet-camera", muted: true, playsInline: true });
    let stream;
    try { stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } }); } catch { return field.focus(); }
    field.parentElement.before(video);
    video.srcObject = stream;
    try {
      await video.play();
      while (video.isConnected && !field.value) {
        const text = await textIn(video, video.videoWidth, video.videoHeight);
        if (text && !field.value) field.value = text;
        else await wait(400);
      }
    } catch { field.focus(); } finally {
      // Whatever came of it, the camera's light goes out.
      stream.getTracks().forEach(track => track.stop());
      video.remove();
    }
  }
  window.xitai = { ...window.xitai, readCode, readsCodes: !!navigator.mediaDevices?.getUserMedia };

  const form = document.querySelector("#scan");
  if (!form) return;
  const field = form.elements.code, camera = form.querySelector("[data-camera]"), file = form.querySelector("[data-picture]");
  const none = form.querySelector("[data-none]");
  camera.hidden = !window.xitai.readsCodes;
  camera.addEventListener("click", async () => {
    field.value = "";
    camera.setAttribute("aria-busy", "true");
    await window.xitai.readCode(field);
    camera.removeAttribute("aria-busy");
    if (field.value) form.requestSubmit();
  });
  file.addEventListener("change", async () => {
    if (!file.files[0]) return;
    const picture = await createImageBitmap(file.files[0]).catch(() => null);
    const text = picture && await textIn(picture, picture.width, picture.height);
    none.hidden = !!text;
    if (!text) return;
    field.value = text;
    form.requestSubmit();
  });
})();
