// Reads QR codes with the device's camera, where the browser can (BarcodeDetector).

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

export const readsCodes = "BarcodeDetector" in window;

// found(text) is told each code, the same one again only after six seconds; failed() when there is no camera.
export function cameraOn(video, { found, failed }) {
  let last = { text: "", at: 0 };

  function stop() {
    video.srcObject?.getTracks().forEach((track) => track.stop());
    video.srcObject = null;
    video.hidden = true;
  }

  function told(text) {
    const now = Date.now();
    if (!text || (text === last.text && now - last.at < 6000)) return;
    if (found(text) !== false) last = { text, at: now };
  }

  async function start() {
    try {
      const detector = new BarcodeDetector({ formats: ["qr_code"] });
      video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      video.hidden = false;
      await video.play();
      while (video.srcObject) {
        const [code] = await detector.detect(video);
        if (code) told(code.rawValue);
        await wait(180);
      }
    } catch {
      stop();
      failed();
    }
  }

  addEventListener("pagehide", stop);
  return { start, stop };
}
