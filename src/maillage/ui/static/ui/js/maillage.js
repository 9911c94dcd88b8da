// What makes pages nicer, never what makes them work: everything here may be missing.

const COOKIE = "maillage_theme";

function appearance() {
  const button = document.querySelector("[data-theme-toggle]");
  if (!button) return;
  const root = document.documentElement;
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const dark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
  const say = () => {
    button.querySelector(".sr").textContent = dark() ? button.dataset.toLight : button.dataset.toDark;
  };
  button.hidden = false;
  say();
  button.addEventListener("click", () => {
    const next = dark() ? "light" : "dark";
    root.dataset.theme = next;
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `${COOKIE}=${next}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
    say();
  });
}

// The menus lie open on a wide screen; engines that cannot say so in their stylesheet get it here.
function menu(selector, width) {
  if (window.CSS && CSS.supports("selector(::details-content)")) return;
  const wide = window.matchMedia(`(min-width: ${width})`);
  document.querySelectorAll(selector).forEach((details) => {
    const follow = () => {
      details.open = wide.matches;
      details.classList.toggle("is-wide", wide.matches);
    };
    follow();
    wide.addListener(follow);
  });
}

// A long list of boxes: a search that hides the others, and the sentence that says what is chosen.
function pickers() {
  const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  document.querySelectorAll("[data-picker]").forEach((picker) => {
    const rows = Array.from(picker.querySelectorAll(".choice"));
    const said = picker.querySelector("[data-picked]");
    const find = picker.querySelector("input[type=search]");
    find.parentElement.hidden = false;
    find.addEventListener("input", () => {
      const asked = plain(find.value.trim());
      rows.forEach((row) => {
        row.hidden = asked !== "" && !plain(row.textContent).includes(asked);
      });
    });
    // Enter in the search would send the whole form.
    find.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault();
    });
    picker.addEventListener("change", () => {
      const chosen = rows.filter((row) => row.querySelector("input").checked).map((row) => row.textContent.trim());
      said.textContent = chosen.join(", ") || said.dataset.none;
    });
  });
}

// A list that opens from a button closes with Escape, or when the reader goes elsewhere.
function closing() {
  document.querySelectorAll("details[data-closes]").forEach((details) => {
    details.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !details.open) return;
      details.open = false;
      details.querySelector("summary").focus();
    });
    document.addEventListener("click", (event) => {
      if (details.open && !details.contains(event.target)) details.open = false;
    });
  });
}

appearance();
menu("details.menu", "60rem");
menu("details.side-fold", "68rem");
menu("details.fold-narrow", "64rem");
closing();
pickers();
