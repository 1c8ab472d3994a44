// [data-copy]: copies the field beside it and says so in its own words.

async function copy(field) {
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    field.select();
    document.execCommand("copy");
  }
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const field = button.parentElement.querySelector("input, textarea");
  const words = button.querySelector("span");
  await copy(field);
  const before = words.textContent;
  words.setAttribute("role", "status");
  words.textContent = button.dataset.copied;
  setTimeout(() => {
    words.textContent = before;
  }, 2000);
});
