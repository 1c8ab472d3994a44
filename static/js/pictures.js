// form[data-pictures]: makes pictures smaller on the phone and sends them one after the other, so that a
// dozen photos of a mountain road go through a thin network. Without JavaScript the form sends them as they are.

const SIDE = 2000;
const QUALITY = 0.86;

async function smaller(file) {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const share = Math.min(1, SIDE / Math.max(picture.width, picture.height));
    const sheet = document.createElement("canvas");
    sheet.width = Math.round(picture.width * share);
    sheet.height = Math.round(picture.height * share);
    const pen = sheet.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, sheet.width, sheet.height);
    pen.drawImage(picture, 0, 0, sheet.width, sheet.height);
    const made = await new Promise((done) => sheet.toBlob(done, "image/jpeg", QUALITY));
    return made && made.size < file.size ? made : file;
  } catch {
    return file; // the club says whether it can be read
  }
}

async function sendOne(form, file) {
  const body = new FormData();
  for (const name of ["csrf_token", "consent"]) body.set(name, form.elements[name].value);
  body.set("photo", await smaller(file), file.name);
  const answer = await fetch(form.action, { method: "POST", body });
  return answer.ok;
}

async function sendAll(form) {
  const files = Array.from(form.elements.photo.files);
  const told = form.querySelector("[data-sent]");
  const button = form.querySelector("[type=submit]");
  button.disabled = true;
  for (const [place, file] of files.entries()) {
    told.textContent = form.dataset.progress.replace("{n}", place).replace("{all}", files.length);
    const taken = await sendOne(form, file).catch(() => false);
    if (!taken) {
      told.textContent = form.dataset.failed.replace("{name}", file.name);
      button.disabled = false;
      return;
    }
  }
  location.reload();
}

for (const form of document.querySelectorAll("form[data-pictures]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (form.reportValidity()) void sendAll(form);
  });
}
