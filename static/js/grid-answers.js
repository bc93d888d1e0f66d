// Asks the server what the typed rows give, by the one set of rules, and shows it beside them.
(function () {
  "use strict";
  const grid = document.querySelector("[data-grid]");
  if (!grid) return;
  const PAUSE = 250;
  const waiting = new Set();
  let timer = null;

  function fieldsOf(prefix) {
    return Array.from(grid.elements).filter(function (one) {
      return one.name && one.name.startsWith(prefix + "-");
    });
  }

  function question(prefixes) {
    const data = new FormData();
    data.append("csrfmiddlewaretoken", grid.elements.csrfmiddlewaretoken.value);
    prefixes.forEach(function (prefix) {
      fieldsOf(prefix).forEach(function (one) {
        if (one.type === "radio" || one.name.endsWith("-asked")) return;
        if (one.type !== "checkbox" || one.checked) data.append(one.name, one.value);
      });
    });
    return data;
  }

  function answerCell(prefix) {
    return grid.querySelector("[data-row='" + prefix + "'] [data-answer]");
  }

  function showAnswer(prefix, answer) {
    const cell = answerCell(prefix);
    cell.innerHTML = answer.html;
    cell.removeAttribute("aria-busy");
    fieldsOf(prefix).forEach(function (one) {
      const name = one.name.slice(prefix.length + 1);
      const place = document.getElementById(one.name + "-fault");
      if (!place || name === "take") return;
      const said = (answer.faults[name] || []).join(" ");
      place.textContent = said;
      if (said && one.closest("details")) one.closest("details").open = true;
      if (said) one.setAttribute("aria-invalid", "true");
      else one.removeAttribute("aria-invalid");
    });
    const standing = grid.querySelector("[data-promise='" + prefix + "'] [data-standing]");
    if (standing) standing.textContent = answer.standing;
    showCautions(prefix, answer.cautions);
  }

  function showCautions(prefix, cautions) {
    const box = grid.querySelector("[data-caution='" + prefix + "']");
    const list = box.querySelector("[data-cautions]");
    const answer = box.querySelector("input");
    list.replaceChildren(...cautions.map(function (one) {
      const item = document.createElement("li");
      item.textContent = "⚠ " + one.message;
      return item;
    }));
    box.classList.toggle("answered", !cautions.some(function (one) { return one.open; }));
    const row = grid.querySelector("[data-row='" + prefix + "']");
    box.dataset.needed = cautions.length || answer.value ? "true" : "false";
    box.hidden = row.hidden || box.dataset.needed !== "true";
  }

  function ask() {
    const prefixes = Array.from(waiting);
    waiting.clear();
    fetch(grid.dataset.answers, { method: "POST", body: question(prefixes), credentials: "same-origin" })
      .then(function (response) {
        if (!response.ok || response.redirected) throw new Error("no answer");
        return response.json();
      })
      .then(function (answer) {
        // A row that was typed on meanwhile waits for its own answer.
        Object.keys(answer.rows).forEach(function (prefix) {
          if (!waiting.has(prefix)) showAnswer(prefix, answer.rows[prefix]);
        });
        document.dispatchEvent(new Event("grid:answered"));
      })
      .catch(function () {
        prefixes.forEach(function (prefix) {
          answerCell(prefix).textContent = "保存すると計算されます";
          answerCell(prefix).removeAttribute("aria-busy");
        });
      });
  }

  grid.addEventListener("input", function (event) {
    const box = event.target.closest("[data-row], [data-promise], [data-caution]");
    if (!box) return;
    const prefix = box.dataset.row || box.dataset.promise || box.dataset.caution;
    waiting.add(prefix);
    answerCell(prefix).setAttribute("aria-busy", "true");
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
})();
