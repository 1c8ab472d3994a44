// form[data-confirm]: asks in a dialog with the form's own words before it is sent.

function ask(form, submitter) {
  const dialog = document.createElement("dialog");
  dialog.className = "ask";
  const question = document.createElement("p");
  question.textContent = form.dataset.confirm;
  const row = document.createElement("div");
  row.className = "button-row";
  const back = document.createElement("button");
  back.className = "button button-quiet";
  back.textContent = document.documentElement.dataset.back ?? "←";
  back.type = "button";
  const go = document.createElement("button");
  go.className = submitter?.className ?? "button button-primary";
  go.classList.remove("button-small", "button-wide");
  go.textContent = submitter?.textContent.trim() ?? "OK";
  go.type = "button";
  row.append(back, go);
  dialog.append(question, row);
  document.body.append(dialog);
  back.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  go.addEventListener("click", () => {
    form.dataset.agreed = "1";
    dialog.close();
    form.requestSubmit(submitter);
  });
  dialog.showModal();
  back.focus();
}

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (!form.dataset.confirm || form.dataset.agreed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(form, event.submitter);
  },
  true,
);
