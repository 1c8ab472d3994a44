// The counter: reads a voucher's picture with the camera and looks it up. Without a camera the code is typed.
import { cameraOn, readsCodes } from "./code-camera.js";

const form = document.querySelector("[data-code-form]");
const scan = document.querySelector("[data-code-scan]");

const camera = cameraOn(scan.querySelector("video"), {
  found(text) {
    camera.stop();
    form.elements.code.value = text;
    form.requestSubmit();
  },
  failed() {
    scan.querySelector("[data-code-words]").textContent = scan.dataset.fails;
  },
});

if (readsCodes) scan.hidden = false;
scan.querySelector("[data-code-start]").addEventListener("click", camera.start);
