// The counter: reads a voucher's picture with the camera and looks it up. Without a camera the code is typed.

const form = document.querySelector("[data-code-form]");
const scan = document.querySelector("[data-code-scan]");
const video = scan.querySelector("video");
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

function stop() {
  video.srcObject?.getTracks().forEach((track) => track.stop());
  video.srcObject = null;
  video.hidden = true;
}

async function start() {
  try {
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    video.hidden = false;
    await video.play();
    while (video.srcObject) {
      const [code] = await detector.detect(video);
      if (code) {
        stop();
        form.elements.code.value = code.rawValue;
        form.requestSubmit();
      }
      await wait(180);
    }
  } catch {
    stop();
    scan.querySelector("[data-code-words]").textContent = scan.dataset.fails;
  }
}

if ("BarcodeDetector" in window) scan.hidden = false;
scan.querySelector("[data-code-start]").addEventListener("click", start);
addEventListener("pagehide", stop);
