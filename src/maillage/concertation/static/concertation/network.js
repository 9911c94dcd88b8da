// The drawing, actor by actor: point at a mark, or go from one to the next with the arrow keys, and its ties stand out.
// Without this everything is still there: the table, and the page of each actor's own ties.

const NS = "http://www.w3.org/2000/svg";

function start(box) {
  const frame = box.querySelector("[data-net-frame]");
  const svg = frame && frame.querySelector("svg");
  const say = box.querySelector("[data-net-say]");
  if (!svg || !say) return;
  const marks = Array.from(svg.querySelectorAll("[data-k]"));
  if (!marks.length) return;
  const names = marks.map((mark) => mark.querySelector("title").textContent);
  const kept = svg.classList.contains("focused");
  const overlay = document.createElementNS(NS, "g");
  svg.insertBefore(overlay, marks[0]);
  let ties = null;
  let here = -1;

  const load = () => {
    if (!ties) {
      ties = fetch(box.dataset.src, { headers: { Accept: "application/json" } })
        .then((answer) => answer.json())
        .then((found) => {
          const near = marks.map(() => []);
          found.ties.forEach(([one, other, kinds]) => {
            near[one].push([other, kinds]);
            near[other].push([one, kinds]);
          });
          return near;
        })
        .catch(() => null);
    }
    return ties;
  };

  const middle = (mark) => {
    if (mark.tagName === "use") return [Number(mark.getAttribute("x")), Number(mark.getAttribute("y"))];
    const circle = mark.querySelector("circle");
    return [Number(circle.getAttribute("cx")), Number(circle.getAttribute("cy"))];
  };

  const clear = () => {
    here = -1;
    overlay.textContent = "";
    say.textContent = "";
    if (kept) return;
    svg.classList.remove("focused");
    svg.querySelectorAll(".near, .on").forEach((part) => part.classList.remove("near", "on"));
  };

  // Where single ties are drawn, theirs light up; where there are ribbons, its own are drawn over them.
  const thread = (from, to) => {
    const [ax, ay] = centres[from];
    const [bx, by] = centres[to];
    const centre = svg.viewBox.baseVal.width / 2;
    const pull = (value) => value + (centre - value) * 0.6;
    const line = document.createElementNS(NS, "path");
    line.setAttribute("d", `M${ax} ${ay}C${pull(ax)} ${pull(ay)} ${pull(bx)} ${pull(by)} ${bx} ${by}`);
    line.setAttribute("class", "s-brand tie on");
    overlay.appendChild(line);
  };

  const show = async (index) => {
    if (index === here) return;
    clear();
    here = index;
    const near = await load();
    if (here !== index || !near) return;
    const [x, y] = centres[index];
    const ring = document.createElementNS(NS, "circle");
    ring.setAttribute("class", "net-ring");
    ring.setAttribute("cx", x);
    ring.setAttribute("cy", y);
    ring.setAttribute("r", marks.length > 200 ? 9 : 15);
    overlay.appendChild(ring);
    svg.classList.add("focused");
    svg.querySelectorAll(".near, .on").forEach((part) => part.classList.remove("near", "on"));
    const single = svg.querySelector("[data-t]");
    if (single) {
      svg.querySelectorAll("[data-t]").forEach((line) => {
        if (line.dataset.t.split(" ").map(Number).includes(index)) line.classList.add("on");
      });
    }
    marks[index].classList.add("near");
    near[index].forEach(([other]) => {
      marks[other].classList.add("near");
      if (!single) thread(index, other);
    });
    const told = near[index].map(([other, kinds]) => `${names[other]} (${kinds.toLowerCase()})`);
    const count = told.length;
    const words = count === 0 ? box.dataset.none : count === 1 ? box.dataset.one : `${count} ${box.dataset.many}`;
    say.textContent = `${names[index]}\u00a0: ${words} ${told.slice(0, 12).join(", ")}${count > 12 ? "…" : ""}`;
  };

  // The nearest mark, so that a small or a hollow one is as easy to reach as another.
  const centres = marks.map(middle);
  const reach = marks.length > 200 ? 12 : 18;
  const of = (event) => {
    const named = event.target.closest && event.target.closest("[data-k]");
    if (named) return Number(named.dataset.k);
    const matrix = svg.getScreenCTM();
    if (!matrix) return -1;
    const point = svg.createSVGPoint();
    point.x = event.clientX;
    point.y = event.clientY;
    const at = point.matrixTransform(matrix.inverse());
    let best = -1;
    let least = reach;
    centres.forEach(([x, y], index) => {
      const far = Math.hypot(x - at.x, y - at.y);
      if (far < least) {
        least = far;
        best = index;
      }
    });
    return best;
  };

  svg.addEventListener("pointermove", (event) => {
    const index = of(event);
    if (index >= 0) show(index);
  });
  svg.addEventListener("click", (event) => (of(event) >= 0 ? show(of(event)) : clear()));
  svg.addEventListener("pointerleave", () => document.activeElement !== frame && clear());

  frame.tabIndex = 0;
  frame.setAttribute("role", "group");
  frame.setAttribute("aria-label", `${box.dataset.label}. ${box.dataset.help}`);
  // Around the circle, as they are seen: by angle, then by distance to the middle.
  const centre = svg.viewBox.baseVal.width / 2;
  const around = marks
    .map((mark, index) => {
      const [x, y] = centres[index];
      return { index, turn: (Math.atan2(x - centre, centre - y) + 2 * Math.PI) % (2 * Math.PI), far: Math.hypot(x - centre, y - centre) };
    })
    .sort((one, other) => one.turn - other.turn || one.far - other.far)
    .map((place) => place.index);
  frame.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") clear();
    if (!step) return;
    event.preventDefault();
    const at = around.indexOf(here);
    show(around[at < 0 ? (step > 0 ? 0 : around.length - 1) : (at + step + around.length) % around.length]);
  });
  frame.addEventListener("blur", clear);

  // The lines of the table light their mark too.
  document.querySelectorAll("[data-mark]").forEach((link) => {
    const index = names.indexOf(link.dataset.mark);
    if (index < 0) return;
    link.addEventListener("pointerenter", () => show(index));
    link.addEventListener("focus", () => show(index));
    link.addEventListener("blur", clear);
  });
}

document.querySelectorAll("[data-net]").forEach(start);
