// Records a voice in the browser, listened to before it is sent. Without it, one writes or chooses a file. For engines
// of 2018: no newer syntax.
const box = document.querySelector("[data-voice]");
const one = (name) => box.querySelector("[data-" + name + "]");

function begin() {
  const field = box.querySelector("input[type=file]");
  const told = one("told");
  let recorder = null;
  let kept = [];
  let clock = 0;
  const say = (words) => { told.textContent = words; };

  field.addEventListener("change", () => {
    const file = field.files[0];
    if (file && file.size > Number(box.dataset.most)) { field.value = ""; say(told.dataset.large); } else say("");
  });
  if (!window.MediaRecorder || !navigator.mediaDevices || !window.DataTransfer) return;
  try { new DataTransfer(); } catch (error) { return; }
  one("recorder").hidden = false;

  function put(blob) {
    const carry = new DataTransfer();
    carry.items.add(new File([blob], "voix", { type: blob.type }));
    field.files = carry.files;
    one("play").src = URL.createObjectURL(blob);
    one("play").hidden = false;
    one("again").hidden = false;
    say(told.dataset.recorded);
  }

  function tick(since) {
    const seconds = Math.floor((Date.now() - since) / 1000);
    const two = (n) => (n < 10 ? "0" : "") + n;
    told.textContent = box.dataset.recording.replace("{time}", Math.floor(seconds / 60) + ":" + two(seconds % 60));
    if (seconds >= 60 * Number(box.dataset.minutes)) recorder.stop();
  }

  async function start() {
    let stream = null;
    try { stream = await navigator.mediaDevices.getUserMedia({ audio: true }); } catch (error) { say(told.dataset.refused); return; }
    kept = [];
    recorder = new MediaRecorder(stream, { audioBitsPerSecond: 32000 });
    recorder.ondataavailable = (event) => { if (event.data.size) kept.push(event.data); };
    recorder.onstop = () => {
      clearInterval(clock);
      stream.getTracks().forEach((track) => track.stop());
      one("stop").hidden = true;
      if (kept.length) put(new Blob(kept, { type: recorder.mimeType }));
    };
    recorder.start();
    one("start").hidden = true;
    one("stop").hidden = false;
    one("stop").focus();
    told.setAttribute("role", "timer");  // a clock is not read aloud each second
    const since = Date.now();
    clock = setInterval(() => tick(since), 1000);
  }

  one("start").addEventListener("click", start);
  one("stop").addEventListener("click", () => { recorder.stop(); told.setAttribute("role", "status"); });
  one("again").addEventListener("click", () => {
    field.value = "";
    one("play").hidden = true;
    one("play").removeAttribute("src");
    one("again").hidden = true;
    one("start").hidden = false;
    say("");
  });
}

if (box) begin();
