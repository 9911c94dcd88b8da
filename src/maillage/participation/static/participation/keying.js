// Sheets keyed in without waiting: Enter leaves at once, the field stays under the fingers. Without it the page works.
const box = document.querySelector("[data-keying]");
const form = box && box.querySelector("[data-key-form]");
const field = form && form.querySelector("[data-line]");
const next = form && form.querySelector("[data-next]");

if (field && next) {
  const error = form.querySelector("[data-error]");
  const pendingBox = box.querySelector("[data-pending]");
  const list = box.querySelector("[data-list]");
  const waiting = [];
  let sending = false;
  let kept = "";
  let refused = false;

  const show = () => {
    pendingBox.hidden = waiting.length === 0;
    pendingBox.textContent = waiting.length ? `${box.dataset.waiting} ${waiting.join(" · ")}` : "";
  };

  const written = (line, typed) => {
    const item = document.createElement("li");
    item.value = line;
    const text = document.createElement("code");
    text.textContent = typed;
    const number = document.createElement("b");
    number.textContent = `${line}. `;
    const link = document.createElement("a");
    link.href = `?corriger=${line}`;
    link.textContent = box.dataset.correct;
    item.append(number, text, " ", link);
    list.prepend(item);
    while (list.children.length > 12) list.lastElementChild.remove();
  };

  const send = async () => {
    if (sending || refused || waiting.length === 0) return;
    sending = true;
    const data = new FormData(form);
    data.set("ligne", waiting[0]);
    let answer = null;
    try {
      const response = await fetch(form.action, { method: "POST", body: data, headers: { Accept: "application/json" } });
      const type = response.headers.get("Content-Type") || "";
      if (type.indexOf("application/json") === 0) answer = await response.json();
    } catch (lost) {
      answer = null;
    }
    sending = false;
    if (answer === null) {
      error.textContent = box.dataset.lost;
      window.setTimeout(send, 2000);
      return;
    }
    const line = waiting.shift();
    if (answer.error) {
      // The refused line comes back under the fingers; what was typed since waits for its turn.
      refused = true;
      kept = field.value;
      field.value = line;
      field.setAttribute("aria-invalid", "true");
      error.textContent = answer.error;
      field.focus();
      field.select();
    } else {
      error.textContent = "";
      next.value = answer.next;
      form.querySelector("[data-number]").textContent = answer.next;
      box.querySelector("[data-count]").textContent = answer.next - 1;
      written(answer.last.line, answer.last.typed);
    }
    show();
    send();
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const line = field.value.trim();
    if (!line) {
      field.focus();
      return;
    }
    if (refused) {
      refused = false;
      waiting.unshift(line);
      field.value = kept;
      kept = "";
      field.removeAttribute("aria-invalid");
    } else {
      waiting.push(line);
      field.value = "";
    }
    field.focus();
    show();
    send();
  });

  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowUp" && !field.value && waiting.length === 0 && Number(next.value) > 1) {
      event.preventDefault();
      window.location.search = `?corriger=${Number(next.value) - 1}`;
    }
  });

  window.addEventListener("beforeunload", (event) => {
    if (waiting.length || sending) event.preventDefault();
  });
}
