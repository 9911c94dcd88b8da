"""Chromium 69 reads pages: run by the test with a Python that has PyQtWebEngine 5.12.1, never imported by it.

``old_phone.py FOLDER ADDRESS…`` writes one JSON line a page on its output, and a screenshot in FOLDER. An address that
ends in ``.js`` is a file: read as a script, not run.
"""

import json
import os
import sys
import traceback

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")
os.environ.setdefault("QTWEBENGINE_CHROMIUM_FLAGS", "--no-sandbox --disable-gpu --disable-software-rasterizer")

from PyQt5.QtCore import QTimer, QUrl
from PyQt5.QtWebEngineWidgets import QWebEnginePage, QWebEngineView
from PyQt5.QtWidgets import QApplication

WIDTH, HEIGHT, TALLEST = 360, 640, 6000
PATIENCE = 30_000

PROBE = """(() => {
  const color = value => { const found = /rgba?\\(([^)]+)\\)/.exec(value);
    return found ? found[1].split(',').map(Number) : null; };
  const ground = element => { for (let e = element; e; e = e.parentElement) {
    const c = color(getComputedStyle(e).backgroundColor); if (c && (c.length < 4 || c[3] > 0)) return c; }
    return [255, 255, 255]; };
  const light = c => { const [r, g, b] = c.slice(0, 3).map(v => { v /= 255;
    return v <= .03928 ? v / 12.92 : Math.pow((v + .055) / 1.055, 2.4); }); return .2126*r + .7152*g + .0722*b; };
  const contrast = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p);
    return (x + .05) / (y + .05); };
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const words = walker.currentNode.textContent.trim(); const element = walker.currentNode.parentElement;
    if (!words || element.closest('script, style, svg, [hidden], .sr, .skip, .hide-s, [disabled]')) continue;
    const box = element.getBoundingClientRect(); if (box.width === 0 || box.height === 0) continue;
    const style = getComputedStyle(element); if (style.visibility === 'hidden') continue;
    texts.push({words: words.slice(0, 40), size: parseFloat(style.fontSize),
      contrast: contrast(color(style.color), ground(element)), right: box.right, tag: element.tagName,
      scrolls: !!element.closest('.scroll-x, .table-box[tabindex], .data-table')});
  }
  const body = getComputedStyle(document.body);
  return JSON.stringify({agent: navigator.userAgent, title: document.title, ground: body.backgroundColor,
    ink: body.color, size: parseFloat(body.fontSize),
    h1: parseFloat(getComputedStyle(document.querySelector('h1')).fontSize),
    width: document.documentElement.scrollWidth, view: innerWidth, height: document.documentElement.scrollHeight,
    texts: texts});
})()"""


PARSE = "(() => { try { new Function(%s); return 'yes'; } catch (error) { return String(error); } })()"


def say(line):
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


class Page(QWebEnginePage):
    """Keeps what the page says on its console."""

    def __init__(self, *args):
        super().__init__(*args)
        self.said = []

    def javaScriptConsoleMessage(self, level, message, line, source):
        self.said.append(message)


class Reader:
    """One page after the other, in one window of a phone's size."""

    def __init__(self, application, folder, addresses):
        self.application, self.folder, self.addresses = application, folder, list(addresses)
        self.view = QWebEngineView()
        self.view.resize(WIDTH, HEIGHT)
        self.view.show()
        self.number = 0
        self.next()

    def next(self):
        if not self.addresses:
            self.application.quit()
            return
        self.address = self.addresses.pop(0)
        self.number += 1
        self.page = Page(self.view)
        self.view.setPage(self.page)
        if self.address.endswith(".js"):
            self.page.loadFinished.connect(self.parse)
            self.page.setHtml("<p>")
            return
        self.page.loadFinished.connect(self.loaded)
        self.page.load(QUrl(self.address))

    def parse(self, _worked):
        with open(self.address, encoding="utf-8") as file:
            text = json.dumps(file.read())
        self.page.runJavaScript(PARSE % text, self.parsed)

    def parsed(self, found):
        say({"address": self.address, "parsed": found})
        self.next()

    def loaded(self, worked):
        if not worked:
            say({"address": self.address, "failed": True})
            self.next()
            return
        QTimer.singleShot(600, lambda: self.page.runJavaScript(PROBE, self.measured))

    def measured(self, found):
        try:
            result = json.loads(found)
            result["address"], result["said"] = self.address, self.page.said
            say(result)
            self.view.resize(WIDTH, min(TALLEST, max(HEIGHT, int(result["height"]))))
        except Exception:
            traceback.print_exc()
        QTimer.singleShot(900, self.picture)

    def picture(self):
        self.view.grab().save(os.path.join(self.folder, f"{self.number:02d}.png"))
        self.view.resize(WIDTH, HEIGHT)
        self.next()


if __name__ == "__main__":
    os.makedirs(sys.argv[1], exist_ok=True)
    app = QApplication(sys.argv[:1])
    reader = Reader(app, sys.argv[1], sys.argv[2:])
    QTimer.singleShot(PATIENCE * max(1, len(sys.argv) - 2), app.quit)
    app.exec_()
    os._exit(0)
