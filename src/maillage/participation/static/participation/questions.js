// Questions that depend on another answer: hidden while their condition fails. Without it all are shown, each with its
// « si vous avez répondu… », and the server leaves out those that were not asked. For engines of 2018.
const form = document.querySelector("form[data-ballot]");
const rows = Array.from(document.querySelectorAll("[data-depends]"));

function answers(name) {
  return Array.from(form.elements).filter((field) => field.name === name && field.checked).map((field) => field.value);
}

function look() {
  rows.forEach((row) => {
    const parent = document.getElementById(row.dataset.depends);
    const wanted = row.dataset.in.split(" ");
    const on = !(parent && parent.hidden) && answers(row.dataset.depends).some((code) => wanted.includes(code));
    row.hidden = !on;
    if (on) row.removeAttribute("data-off"); else row.setAttribute("data-off", "");
    row.querySelectorAll("[data-if]").forEach((words) => { words.hidden = true; });
  });
  form.dispatchEvent(new CustomEvent("ballot:count"));
}

if (form && rows.length) {
  form.addEventListener("change", look);
  form.addEventListener("ballot:reset", look);
  look();
}
