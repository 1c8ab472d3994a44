// [data-party="name of the field"]: of the rows for companions as many are shown as the party needs, and
// those that say something already; without JavaScript all of them stand there.

function says(row) {
  const [name, age] = [row.querySelector("input"), row.querySelector("select")];
  return Boolean(name?.value.trim()) || (age ? age.value !== "adult" : false);
}

for (const part of document.querySelectorAll("[data-party]")) {
  const size = part.closest("form").elements[part.dataset.party];
  const rows = [...part.querySelectorAll("[role=group]")];
  const show = () => {
    const needed = Math.max(Number(size.value) || 1, 1) - 1;
    rows.forEach((row, place) => (row.hidden = place >= needed && !says(row)));
    part.hidden = rows.every((row) => row.hidden);
  };
  size.addEventListener("input", show);
  show();
}
