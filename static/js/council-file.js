// Makes the council's workbook in sight: the server tells each step on a line of its own, then the
// file's size and name, then sends the file (kpis/admin/council_page.py). Without this script, or
// without streams, the form is a plain download.
(function () {
  "use strict";
  const form = document.querySelector("[data-council-file]");
  if (!form || !window.fetch || !window.ReadableStream) return;
  const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
  const NEWLINE = 10;
  const button = form.querySelector("button");
  const bar = form.querySelector("[data-council-bar]");
  const said = form.querySelector("[data-council-said]");
  const way = form.querySelector("[data-council-way]");
  const link = form.querySelector("[data-council-link]");

  // What the person can do about it comes along: words and an address for a link.
  class Told extends Error {
    constructor(words, wayOut, address) {
      super(words);
      this.wayOut = wayOut;
      this.address = address;
    }
  }

  function plainAddress() {
    return form.action + "?" + new URLSearchParams(new FormData(form));
  }

  function say(words, failed) {
    said.textContent = words;
    said.classList.toggle("failed", Boolean(failed));
  }

  function show(step) {
    bar.max = step.of;
    bar.value = step.step - 1; // this one is only being made
    say(step.name + "を作成しています（" + step.step + "／" + step.of + "）");
  }

  function join(one, other) {
    const both = new Uint8Array(one.length + other.length);
    both.set(one);
    both.set(other, one.length);
    return both;
  }

  // Takes the stream apart: shows each step, and gives the file's head and pieces.
  async function read(stream) {
    const reader = stream.getReader();
    let rest = new Uint8Array();
    let head = null;
    const pieces = [];
    for (;;) {
      const part = await reader.read();
      if (part.done) break;
      if (head) {
        pieces.push(part.value);
        continue;
      }
      rest = join(rest, part.value);
      for (let end = rest.indexOf(NEWLINE); end >= 0 && !head; end = rest.indexOf(NEWLINE)) {
        const told = JSON.parse(new TextDecoder().decode(rest.subarray(0, end)));
        rest = rest.subarray(end + 1);
        if (told.error) throw new Told(told.error);
        if (told.step) show(told);
        else head = told;
      }
      if (head) pieces.push(rest);
    }
    return { head: head, file: new Blob(pieces, { type: XLSX }) };
  }

  function save(file, name) {
    const anchor = document.createElement("a");
    anchor.href = URL.createObjectURL(file);
    anchor.download = name;
    document.body.append(anchor);
    anchor.click();
    anchor.remove();
    window.setTimeout(function () {
      URL.revokeObjectURL(anchor.href);
    }, 60000);
  }

  async function make() {
    const response = await fetch(plainAddress() + "&progress=1", { credentials: "same-origin" });
    if (response.redirected) {
      throw new Told("ログインの有効期間が切れたため、作成していません。", "もう一度ログインする", form.dataset.page);
    }
    if (response.status === 403) {
      throw new Told("この公表の会議資料を作成する権限がありません。管理者に確認してください。");
    }
    if (response.headers.get("Content-Type") !== "application/octet-stream") throw new Error("no stream");
    const answer = await read(response.body);
    if (!answer.head || answer.file.size !== answer.head.size) throw new Error("cut off");
    save(answer.file, answer.head.name);
    bar.value = bar.max;
    say("保存しました（" + answer.head.name + "）");
  }

  function fail(error) {
    const known = error instanceof Told;
    say(known ? error.message : "通信が途切れたか、サーバーで問題が起きたため、作成できませんでした。もう一度お試しください。", true);
    bar.hidden = true;
    if (known && !error.wayOut) return;
    link.textContent = known ? error.wayOut : "進み具合を表示せずに保存する";
    link.href = known ? error.address : plainAddress();
    way.hidden = false;
  }

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    if (button.disabled) return;
    button.disabled = true;
    way.hidden = true;
    bar.hidden = false;
    bar.removeAttribute("value");
    say("作成を始めています");
    make().catch(fail).finally(function () {
      button.disabled = false;
      // A disabled button loses the focus: whoever works by keyboard goes on where they were.
      if (document.activeElement === document.body) button.focus();
    });
  });
})();
