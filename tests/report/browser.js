"use strict";
// A headless Chromium driven over a pipe (its DevTools protocol, messages ended by a zero byte).
const { spawn } = require("child_process");
const fs = require("fs");
const os = require("os");
const path = require("path");

// Longest wait for one answer of the browser, milliseconds.
const ANSWER_MS = 600000;

class Browser {
  static async start(program) {
    const browser = new Browser();
    browser.profile = fs.mkdtempSync(path.join(os.tmpdir(), "azdal-chromium-"));
    browser.child = spawn(program, [
      "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync", "--remote-debugging-pipe", "--user-data-dir=" + browser.profile, "about:blank",
    ], { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
    browser.waiting = new Map();
    browser.listeners = [];
    browser.serial = 0;
    browser.gone = new Promise((resolve) => browser.child.on("close", resolve));
    browser.child.on("error", (error) => browser.fail(error));
    browser.gone.then(() => browser.fail(new Error("the browser ended")));
    browser.child.stdio[3].on("error", (error) => browser.fail(error));
    let rest = Buffer.alloc(0);
    browser.child.stdio[4].on("data", (data) => {
      rest = Buffer.concat([rest, data]);
      for (let end = rest.indexOf(0); end >= 0; end = rest.indexOf(0)) {
        browser.take(JSON.parse(rest.subarray(0, end).toString("utf8")));
        rest = rest.subarray(end + 1);
      }
    });
    await browser.send("Browser.getVersion");
    return browser;
  }

  fail(error) {
    for (const one of this.waiting.values()) one.reject(error);
    this.waiting.clear();
  }

  take(message) {
    if (message.id === undefined) {
      for (const listener of this.listeners) listener(message);
      return;
    }
    const one = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    if (!one) return;
    clearTimeout(one.timer);
    if (message.error) one.reject(new Error(one.method + ": " + message.error.message));
    else one.resolve(message.result);
  }

  send(method, params = {}, sessionId = undefined) {
    const id = ++this.serial;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiting.delete(id);
        reject(new Error(method + ": no answer"));
      }, ANSWER_MS);
      this.waiting.set(id, { resolve, reject, method, timer });
      this.child.stdio[3].write(JSON.stringify({ id, method, params, sessionId }) + "\0");
    });
  }

  async stop() {
    await this.send("Browser.close").catch(() => this.child.kill("SIGKILL"));
    await this.gone;
    fs.rmSync(this.profile, { recursive: true, force: true });
  }
}

// A tab of its own, with what happened in it: requests, console messages, errors.
class Page {
  static async open(browser, file, { scheme = "light", media = "", width = 1300, height = 1000, script = true, hash = "" } = {}) {
    const page = new Page();
    page.browser = browser;
    page.requests = [];
    page.said = [];
    const context = await browser.send("Target.createBrowserContext");
    page.context = context.browserContextId;
    const target = await browser.send("Target.createTarget", { url: "about:blank", browserContextId: page.context });
    page.session = (await browser.send("Target.attachToTarget", { targetId: target.targetId, flatten: true })).sessionId;
    let loaded;
    const load = new Promise((resolve) => { loaded = resolve; });
    page.listener = (message) => {
      if (message.sessionId !== page.session) return;
      const params = message.params;
      if (message.method === "Network.requestWillBeSent") page.requests.push(params.request.url);
      else if (message.method === "Runtime.consoleAPICalled") page.said.push(params.args.map((a) => a.value).join(" "));
      else if (message.method === "Runtime.exceptionThrown") page.said.push(params.exceptionDetails.text);
      else if (message.method === "Log.entryAdded") page.said.push(params.entry.text);
      else if (message.method === "Page.loadEventFired") loaded();
    };
    browser.listeners.push(page.listener);
    for (const domain of ["Page", "Runtime", "Log", "Network", "DOM", "Accessibility"]) await page.send(domain + ".enable");
    await page.send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: false });
    await page.emulate(scheme, media);
    if (!script) await page.send("Emulation.setScriptExecutionDisabled", { value: true });
    await page.send("Page.navigate", { url: "file://" + encodeURI(file) + hash });
    await load;
    return page;
  }

  send(method, params) { return this.browser.send(method, params, this.session); }

  emulate(scheme, media) {
    return this.send("Emulation.setEmulatedMedia", { media, features: [{ name: "prefers-color-scheme", value: scheme }] });
  }

  // Runs a function in the page and returns what it returns.
  async run(body, ...args) {
    const answer = await this.send("Runtime.evaluate", {
      expression: "(" + body + ")(..." + JSON.stringify(args) + ")", returnByValue: true, awaitPromise: true, userGesture: true,
    });
    if (answer.exceptionDetails) throw new Error(answer.exceptionDetails.exception.description);
    return answer.result.value;
  }

  async key(name, { shift = false } = {}) {
    const keys = {
      Tab: { key: "Tab", code: "Tab", windowsVirtualKeyCode: 9 },
      Enter: { key: "Enter", code: "Enter", windowsVirtualKeyCode: 13, text: "\r" },
      Space: { key: " ", code: "Space", windowsVirtualKeyCode: 32, text: " " },
      Down: { key: "ArrowDown", code: "ArrowDown", windowsVirtualKeyCode: 40 },
    };
    const key = { ...keys[name], modifiers: shift ? 8 : 0 };
    await this.send("Input.dispatchKeyEvent", { type: key.text ? "keyDown" : "rawKeyDown", ...key });
    await this.send("Input.dispatchKeyEvent", { type: "keyUp", ...key, text: undefined });
  }

  type(text) { return this.send("Input.insertText", { text }); }

  async click(selector) {
    const at = await this.run((s) => {
      const one = document.querySelector(s);
      one.scrollIntoView({ block: "center" });
      const box = one.getBoundingClientRect();
      return { x: box.x + Math.min(box.width / 2, 20), y: box.y + Math.min(box.height / 2, 10) };
    }, selector);
    for (const type of ["mousePressed", "mouseReleased"]) {
      await this.send("Input.dispatchMouseEvent", { type, ...at, button: "left", clickCount: 1 });
    }
  }

  async screenshot(file) {
    const size = (await this.send("Page.getLayoutMetrics")).cssContentSize;
    const shot = await this.send("Page.captureScreenshot", { captureBeyondViewport: true, clip: { ...size, scale: 1 } });
    fs.writeFileSync(file, Buffer.from(shot.data, "base64"));
  }

  async pdf(file) {
    const answer = await this.send("Page.printToPDF", { preferCSSPageSize: false, paperWidth: 8.27, paperHeight: 11.69 });
    fs.writeFileSync(file, Buffer.from(answer.data, "base64"));
  }

  async close() {
    this.browser.listeners.splice(this.browser.listeners.indexOf(this.listener), 1);
    await this.browser.send("Target.disposeBrowserContext", { browserContextId: this.context });
  }
}

module.exports = { Browser, Page };
