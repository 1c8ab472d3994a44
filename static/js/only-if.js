// [data-only-if]: a field that depends on another is shown once that one has `data-answer`, or something else than `data-unless`; without JavaScript it stands there with a note.

function follow(part) {
  const { onlyIf, answer, unless } = part.dataset;
  const other = part.closest("form").elements[onlyIf];
  const outer = (other instanceof RadioNodeList ? other[0] : other)?.closest("[data-only-if]");
  const show = () => {
    const fits = unless === undefined ? other.value === answer : other.value !== unless;
    part.hidden = !fits || Boolean(outer?.hidden);
  };
  if (!other) return;
  part.closest("form").addEventListener("change", show);
  show();
}

for (const part of document.querySelectorAll("[data-only-if]")) follow(part);
