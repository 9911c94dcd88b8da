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
  const details = document.querySelector(selector);
  if (!details || (window.CSS && CSS.supports("selector(::details-content)"))) return;
  const wide = window.matchMedia(`(min-width: ${width})`);
  const follow = () => {
    details.open = wide.matches;
    details.classList.toggle("is-wide", wide.matches);
  };
  follow();
  wide.addListener(follow);
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
